package io.vitrine.image;

import io.vitrine.image.problem.Problem;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An image as the catalog knows it. Sizes are in bytes, {@code minDisk} in GB, {@code minRam} in
 * MB; the digests are set once the image has data.
 *
 * @param hashAlgorithm the algorithm of the digest; set before the digests while data at a URL is
 *     still being hashed
 * @param properties extra properties by name; null where a user set JSON's null
 */
public record Image(
    ImageId id,
    @Nullable String name,
    ImageStatus status,
    Visibility visibility,
    boolean isProtected,
    boolean isHidden,
    @Nullable String owner,
    @Nullable String diskFormat,
    @Nullable String containerFormat,
    long minDisk,
    long minRam,
    @Nullable Long size,
    @Nullable Long virtualSize,
    @Nullable Digests digests,
    @Nullable String hashAlgorithm,
    SortedSet<String> tags,
    Map<String, @Nullable String> properties,
    List<String> stores,
    Instant createdAt,
    Instant updatedAt) {

  /** The prefix of properties that only the service writes. */
  public static final String RESERVED_PREFIX = "os_glance";

  /** Copies the collections. */
  public Image {
    tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
    properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    stores = List.copyOf(stores);
  }

  /** An image whose digests are known if it has data. */
  public Image(
      ImageId id,
      @Nullable String name,
      ImageStatus status,
      Visibility visibility,
      boolean isProtected,
      boolean isHidden,
      @Nullable String owner,
      @Nullable String diskFormat,
      @Nullable String containerFormat,
      long minDisk,
      long minRam,
      @Nullable Long size,
      @Nullable Long virtualSize,
      @Nullable Digests digests,
      SortedSet<String> tags,
      Map<String, @Nullable String> properties,
      List<String> stores,
      Instant createdAt,
      Instant updatedAt) {
    this(
        id,
        name,
        status,
        visibility,
        isProtected,
        isHidden,
        owner,
        diskFormat,
        containerFormat,
        minDisk,
        minRam,
        size,
        virtualSize,
        digests,
        digests == null ? null : digests.algorithm(),
        tags,
        properties,
        stores,
        createdAt,
        updatedAt);
  }

  /** Whether both formats are set, without which the image cannot take data. */
  public boolean hasFormats() {
    return diskFormat != null && containerFormat != null;
  }

  /** The problem to report when the image's status does not allow the transition. */
  public Problem cannotBecome(ImageStatus next) {
    return new Problem.Conflict(
        "Image status transition from %s to %s is not allowed"
            .formatted(status.text(), next.text()));
  }
}
