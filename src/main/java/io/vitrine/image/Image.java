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

/** An image as the catalog knows it. */
public record Image(ImageId id, State state, Metadata metadata, Content content) {
  /** The prefix of properties that only the service writes. */
  public static final String RESERVED_PREFIX = "os_glance";

  /** Where the image is in its life, and whose it is. */
  public record State(
      ImageStatus status, Ownership ownership, Instant createdAt, Instant updatedAt) {}

  /** Who owns the image, who sees it, and whether it can be deleted. */
  public record Ownership(
      @Nullable String owner, Visibility visibility, boolean isProtected, boolean isHidden) {}

  /**
   * What users say of the image.
   *
   * @param properties extra properties by name; null where a user set JSON's null
   */
  public record Metadata(
      @Nullable String name,
      Requirements requirements,
      SortedSet<String> tags,
      Map<String, @Nullable String> properties) {
    /**
     * Copies the collections. The parameters are written out because the compiler keeps no
     * annotations within the types of a compact constructor.
     */
    public Metadata(
        @Nullable String name,
        Requirements requirements,
        SortedSet<String> tags,
        Map<String, @Nullable String> properties) {
      this.name = name;
      this.requirements = requirements;
      this.tags = Collections.unmodifiableSortedSet(new TreeSet<>(tags));
      this.properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    }
  }

  /**
   * What a machine needs to run the image.
   *
   * @param minDisk in GB
   * @param minRam in MB
   */
  public record Requirements(
      @Nullable String diskFormat, @Nullable String containerFormat, long minDisk, long minRam) {
    /** No formats yet, and no minima. */
    public static final Requirements NONE = new Requirements(null, null, 0, 0);
  }

  /**
   * The image's data; sizes are in bytes.
   *
   * @param stores the stores that have it
   */
  public record Content(
      @Nullable Long size, @Nullable Long virtualSize, Hash hash, List<String> stores) {
    /** No data yet. */
    public static final Content NONE = new Content(null, null, Hash.of(null), List.of());

    /** Copies the list. */
    public Content {
      stores = List.copyOf(stores);
    }
  }

  /**
   * What the data hashes to.
   *
   * @param algorithm set before the digests while data at a URL is still being hashed
   * @param digests set once the image has data
   */
  public record Hash(@Nullable String algorithm, @Nullable Digests digests) {
    /** The algorithm is that of the digests, if there are any. */
    public static Hash of(@Nullable Digests digests) {
      return new Hash(digests == null ? null : digests.algorithm(), digests);
    }
  }

  /** The same image with other metadata. */
  public Image with(Metadata newMetadata) {
    return new Image(id, state, newMetadata, content);
  }

  /** The status, on which depends what can be done to the image. */
  public ImageStatus status() {
    return state.status();
  }

  /** When the image was created. */
  public Instant createdAt() {
    return state.createdAt();
  }

  /** When the image was last changed. */
  public Instant updatedAt() {
    return state.updatedAt();
  }

  /** The project that owns the image. */
  public @Nullable String owner() {
    return state.ownership().owner();
  }

  /** Who sees the image. */
  public Visibility visibility() {
    return state.ownership().visibility();
  }

  /** Whether the image cannot be deleted. */
  public boolean isProtected() {
    return state.ownership().isProtected();
  }

  /** Whether lists leave the image out. */
  public boolean isHidden() {
    return state.ownership().isHidden();
  }

  /** The name, which need not be unique. */
  public @Nullable String name() {
    return metadata.name();
  }

  /** The tags. */
  public SortedSet<String> tags() {
    return metadata.tags();
  }

  /** The extra properties by name; null where a user set JSON's null. */
  public Map<String, @Nullable String> properties() {
    return metadata.properties();
  }

  /** The format of the disk. */
  public @Nullable String diskFormat() {
    return metadata.requirements().diskFormat();
  }

  /** The format of the container. */
  public @Nullable String containerFormat() {
    return metadata.requirements().containerFormat();
  }

  /** The least disk of a machine, in GB. */
  public long minDisk() {
    return metadata.requirements().minDisk();
  }

  /** The least memory of a machine, in MB. */
  public long minRam() {
    return metadata.requirements().minRam();
  }

  /** The length of the data, in bytes. */
  public @Nullable Long size() {
    return content.size();
  }

  /** The size of the disk as a guest sees it, in bytes. */
  public @Nullable Long virtualSize() {
    return content.virtualSize();
  }

  /** The digests of the data. */
  public @Nullable Digests digests() {
    return content.hash().digests();
  }

  /** The algorithm that the data is hashed with. */
  public @Nullable String hashAlgorithm() {
    return content.hash().algorithm();
  }

  /** The stores that have the data. */
  public List<String> stores() {
    return content.stores();
  }

  /** Whether both formats are set, without which the image cannot take data. */
  public boolean hasFormats() {
    return diskFormat() != null && containerFormat() != null;
  }

  /** The problem to report when the image's status does not allow the transition. */
  public Problem cannotBecome(ImageStatus next) {
    return new Problem.Conflict(
        "Image status transition from %s to %s is not allowed"
            .formatted(status().text(), next.text()));
  }
}
