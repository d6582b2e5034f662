package io.vitrine.image.edit;

import static io.vitrine.image.problem.ProblemException.tooLarge;

import io.vitrine.image.Image;
import io.vitrine.image.problem.ProblemException;
import java.util.List;
import java.util.Set;

/**
 * A deployment's limits on images: their formats, and how many properties and tags; a negative
 * quota means unlimited.
 */
public record ImageLimits(
    List<String> diskFormats, List<String> containerFormats, int propertyQuota, int tagQuota) {

  /** Fails if the image has too many properties or tags. */
  public void check(Image image) {
    checkProperties(image.properties().keySet());
    if (tagQuota >= 0 && image.tags().size() > tagQuota) {
      throw tooMany("tags", image.tags().size(), tagQuota);
    }
  }

  /** Fails if an image with exactly these extra properties would have too many. */
  public void checkProperties(Set<String> names) {
    long properties = names.stream().filter(key -> !key.startsWith(Image.RESERVED_PREFIX)).count();
    if (propertyQuota >= 0 && properties > propertyQuota) {
      throw tooMany("properties", properties, propertyQuota);
    }
  }

  private static ProblemException tooMany(String what, long found, int quota) {
    return tooLarge(
        "The limit has been exceeded on the number of allowed image %s. Attempted: %d, Maximum: %d"
            .formatted(what, found, quota));
  }
}
