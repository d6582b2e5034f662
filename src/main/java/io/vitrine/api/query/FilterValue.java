package io.vitrine.api.query;

import static io.vitrine.image.problem.ProblemException.invalid;

import java.util.ArrayList;
import java.util.List;

/**
 * Parses the value of a text filter: {@code value}, {@code eq:value} or {@code in:v1,"v,2"}. A
 * value with a colon needs an operator, except a time.
 */
final class FilterValue {
  private FilterValue() {}

  static List<String> oneOf(String key, String text) {
    var colon = text.indexOf(':');
    if (colon < 0 || IsoTime.parse(text).isPresent()) {
      return List.of(text);
    }
    var rest = text.substring(colon + 1);
    return switch (text.substring(0, colon)) {
      case "eq" -> List.of(rest);
      case "in" -> list(key, rest);
      case String other ->
          throw invalid("The operator '%s' of %s is not one of eq, in.".formatted(other, key));
    };
  }

  private static List<String> list(String key, String text) {
    var values = new ArrayList<String>();
    var value = new StringBuilder();
    boolean isQuoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        requireComma(key, text, isQuoted ? i + 1 : i - 1);
        isQuoted = !isQuoted;
      } else if (c == ',' && !isQuoted) {
        values.add(value.toString());
        value.setLength(0);
      } else {
        value.append(c);
      }
    }
    if (isQuoted) {
      throw invalid("The filter %s has a quote without its end.".formatted(key));
    }
    values.add(value.toString());
    return values;
  }

  /** After a closing quote comes a comma or the end of the text. */
  private static void requireComma(String key, String text, int index) {
    if (index >= 0 && index < text.length() && text.charAt(index) != ',') {
      throw invalid(
          "The filter %s has a quote that does not enclose a whole value.".formatted(key));
    }
  }
}
