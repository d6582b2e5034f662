package io.vitrine.image;

import static io.vitrine.image.problem.ProblemException.forbidden;

import io.vitrine.image.problem.ProblemException;
import java.util.Set;

/** The keys of an image's JSON form, by who may write them. */
public final class ImageKeys {
  private static final Set<String> READ_ONLY =
      Set.of(
          "id",
          "status",
          "size",
          "virtual_size",
          "checksum",
          "os_hash_algo",
          "os_hash_value",
          "created_at",
          "updated_at",
          "self",
          "file",
          "schema",
          "direct_url",
          "stores");
  private static final Set<String> RESERVED =
      Set.of("location", "locations", "deleted", "deleted_at");
  private static final Set<String> BASE =
      Set.of(
          "name",
          "visibility",
          "protected",
          "os_hidden",
          "owner",
          "disk_format",
          "container_format",
          "min_disk",
          "min_ram",
          "tags");

  private ImageKeys() {}

  /** Whether every image has the key, as opposed to an extra property. */
  public static boolean isBase(String key) {
    return BASE.contains(key);
  }

  /** Whether the key can name an extra property that users write. */
  public static boolean isExtra(String key) {
    return !BASE.contains(key)
        && !READ_ONLY.contains(key)
        && !RESERVED.contains(key)
        && !key.startsWith(Image.RESERVED_PREFIX);
  }

  /**
   * Refuses keys that users may not write.
   *
   * @throws ProblemException forbidden
   */
  public static void requireWrittenByUsers(String key) {
    if (READ_ONLY.contains(key)) {
      throw forbidden("Attribute '%s' is read-only.".formatted(key));
    }
    if (RESERVED.contains(key) || key.startsWith(Image.RESERVED_PREFIX)) {
      throw forbidden("Attribute '%s' is reserved.".formatted(key));
    }
  }
}
