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
 * @param hashAlgorithm that of the digests, known already while data that lies elsewhere is hashed
 * @param properties extra ones by name; null where a user said that there is no value
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

  /** Prefix of the properties that only the service writes. */
  public static final String RESERVED_PREFIX = "os_glance";

  /** Copies the collections. */
  public Image {
    tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
    properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    stores = List.copyOf(stores);
  }

  /** An image whose digests, if it has data, are known. */
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

  /** Whether data can be given to the image as far as its metadata goes: both formats are known. */
  public boolean hasFormats() {
    return diskFormat != null && containerFormat != null;
  }

  /** The problem to report when the image's status does not allow to go on to the next one. */
  public Problem cannotBecome(ImageStatus next) {
    return new Problem.Conflict(
        "Image status transition from %s to %s is not allowed"
            .formatted(status.text(), next.text()));
  }
}
