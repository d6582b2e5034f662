package io.vitrine.upkeep.cache;

import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An image and which data it has. The id is not enough: after an older database was restored, an
 * image may get other data than it had.
 *
 * @param digits the first 256 bits of the digest, as lower-case hexadecimal digits
 */
public record CacheKey(ImageId id, String digits) {
  private static final int LENGTH = 64;
  private static final Pattern FORM =
      Pattern.compile("(?<id>[0-9a-f-]{36})\\.(?<digits>[0-9a-f]{%d})".formatted(LENGTH));

  /** The key of the image's data; empty if its digests do not tell which data it is. */
  static Optional<CacheKey> of(Image image) {
    return Optional.ofNullable(image.digests())
        .filter(Filling::canVerify)
        .map(known -> new CacheKey(image.id(), known.value().substring(0, LENGTH)));
  }

  /** Parses the text of a key; empty for anything else. */
  static Optional<CacheKey> parse(String text) {
    var parts = FORM.matcher(text);
    return parts.matches()
        ? ImageId.parse(parts.group("id")).map(id -> new CacheKey(id, parts.group("digits")))
        : Optional.empty();
  }

  /** Whether data with this digest has this key. */
  boolean isOf(String digest) {
    return digest.startsWith(digits);
  }

  /** Whether the image has this data. */
  boolean isOf(Image image) {
    return of(image).filter(this::equals).isPresent();
  }

  /** The id and the digits, which together can be the name of a file. */
  @Override
  public String toString() {
    return id + "." + digits;
  }
}
