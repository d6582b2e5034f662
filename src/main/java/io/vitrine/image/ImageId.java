package io.vitrine.image;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The identity of an image. An id is never reused, not even after its image was deleted. */
public record ImageId(UUID value) {
  private static final Pattern FORM =
      Pattern.compile(
          "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

  /** A new random id. */
  public static ImageId random() {
    return new ImageId(UUID.randomUUID());
  }

  /** Parses the 8-4-4-4-12 form; empty for anything else. */
  public static Optional<ImageId> parse(String text) {
    return FORM.matcher(text).matches()
        ? Optional.of(new ImageId(UUID.fromString(text.toLowerCase(Locale.ROOT))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
