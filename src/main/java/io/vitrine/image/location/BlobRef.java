package io.vitrine.image.location;

import io.vitrine.image.ImageId;
import io.vitrine.net.address.Url;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Names one blob in one store, with the image it belongs to, its purpose, and the node that wrote
 * it.
 *
 * @param url where the bytes are if another server keeps them; such bytes are never written or
 *     removed
 * @param content the id of the blob that the store keeps the bytes under: another blob's if the
 *     bytes are shared
 */
public record BlobRef(
    UUID id,
    ImageId image,
    String store,
    Purpose purpose,
    String node,
    Optional<Url> url,
    UUID content) {
  /** A blob with bytes of its own in a store of ours. */
  public BlobRef(UUID id, ImageId image, String store, Purpose purpose, String node) {
    this(id, image, store, purpose, node, Optional.empty(), id);
  }

  /** The blob that the store keeps the bytes under. */
  public BlobRef bytes() {
    return new BlobRef(content, image, store, purpose, node, url, content);
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
