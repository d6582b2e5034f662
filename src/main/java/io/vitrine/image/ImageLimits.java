package io.vitrine.image;

import java.util.List;

/**
 * What a deployment allows in an image: its formats and how many properties and tags; a negative
 * quota is none.
 */
public record ImageLimits(
    List<String> diskFormats, List<String> containerFormats, int propertyQuota, int tagQuota) {

  /** Fails when the image has more properties or tags than allowed. */
  public void check(Image image) {
    long properties =
        image.properties().keySet().stream()
            .filter(key -> !key.startsWith(Image.RESERVED_PREFIX))
            .count();
    if (propertyQuota >= 0 && properties > propertyQuota) {
      throw tooMany("properties", properties, propertyQuota);
    }
    if (tagQuota >= 0 && image.tags().size() > tagQuota) {
      throw tooMany("tags", image.tags().size(), tagQuota);
    }
  }

  private static ProblemException tooMany(String what, long found, int quota) {
    return new ProblemException(
        new Problem.TooLarge(
            "The limit has been exceeded on the number of allowed image %s. Attempted: %d, Maximum: %d"
                .formatted(what, found, quota)));
  }
}
