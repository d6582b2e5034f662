package io.vitrine.access.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text with placeholders {@code %(name)s} for attributes of the target. The {@code attributes} go
 * between the {@code texts}, of which there is one more.
 */
record Template(List<String> texts, List<String> attributes) {
  private static final Pattern PLACE = Pattern.compile("%(?:\\(([^()]+)\\)s|(%))?");

  Template {
    texts = List.copyOf(texts);
    attributes = List.copyOf(attributes);
  }

  /** Throws {@link SyntaxException} for a {@code %} that starts no placeholder. */
  static Template parse(String source) {
    var texts = new ArrayList<String>();
    var attributes = new ArrayList<String>();
    var text = new StringBuilder();
    var places = PLACE.matcher(source);
    int end = 0;
    while (places.find()) {
      text.append(source, end, places.start());
      end = places.end();
      if (places.group(1) != null) {
        attributes.add(places.group(1));
        texts.add(text.toString());
        text.setLength(0);
      } else if (places.group(2) != null) {
        text.append('%');
      } else {
        throw new SyntaxException(
            "\"%s\" has a %% that is neither %%(name)s nor %%%%".formatted(source));
      }
    }
    texts.add(text.append(source.substring(end)).toString());
    return new Template(texts, attributes);
  }

  /** The text with all placeholders filled; null if the target lacks one of the attributes. */
  @Nullable String fill(Target target) {
    if (attributes.isEmpty()) {
      return texts.getFirst();
    }
    var first = target.get(attributes.getFirst());
    if (first == null || (attributes.size() == 1 && isBare())) {
      return first;
    }
    var filled = new StringBuilder(texts.getFirst()).append(first).append(texts.get(1));
    for (int i = 1; i < attributes.size(); i++) {
      var value = target.get(attributes.get(i));
      if (value == null) {
        return null;
      }
      filled.append(value).append(texts.get(i + 1));
    }
    return filled.toString();
  }

  private boolean isBare() {
    return texts.getFirst().isEmpty() && texts.getLast().isEmpty();
  }

  @Override
  public String toString() {
    var source = new StringBuilder(texts.getFirst().replace("%", "%%"));
    for (int i = 0; i < attributes.size(); i++) {
      source.append("%(").append(attributes.get(i)).append(")s");
      source.append(texts.get(i + 1).replace("%", "%%"));
    }
    return source.toString();
  }
}
