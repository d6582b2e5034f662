package io.vitrine.image.location;

import io.vitrine.image.ImageId;
import io.vitrine.net.address.Url;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Names one blob in one store, with the image it belongs to and its purpose.
 *
 * @param url where the bytes are if another server keeps them; such bytes are never written or
 *     removed
 * @param content the id of the blob that the store keeps the bytes under: another blob's if the
 *     bytes are shared
 */
public record BlobRef(
    UUID id, ImageId image, Purpose purpose, Place place, Optional<Url> url, UUID content) {
  /** A blob with bytes of its own in a store of ours. */
  public BlobRef(UUID id, ImageId image, Purpose purpose, Place place) {
    this(id, image, purpose, place, Optional.empty(), id);
  }

  /**
   * Where a blob is.
   *
   * @param store the id of the store
   * @param node the node that wrote the blob
   */
  public record Place(String store, String node) {}

  /** The id of the store. */
  public String store() {
    return place.store;
  }

  /** The node that wrote the blob. */
  public String node() {
    return place.node;
  }

  /** The blob that the store keeps the bytes under. */
  public BlobRef bytes() {
    return new BlobRef(content, image, purpose, place, url, content);
  }

  /** The path of the bytes in a file store, relative to its directory. */
  public String path() {
    return content.toString().substring(0, 2) + "/" + content;
  }

  /** The purpose of a blob. */
  public enum Purpose {
    /** An image's data. */
    IMAGE,
    /** Staged data, which waits for its import. */
    STAGING;

    /** The name in the catalog. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The purpose with that name. */
    public static Purpose of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** The id of the staging store. */
  public static final String STAGING_STORE = "os_glance_staging_store";
}
