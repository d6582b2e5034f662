package io.vitrine.image.location;

import io.vitrine.image.ImageId;
import io.vitrine.net.address.Url;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Names one run of bytes in one store: which image it is of, what it is for, and the node that
 * wrote it.
 *
 * @param url where the bytes lie if that is on a server of others; we neither write nor remove them
 * @param content the id of the blob that brought the bytes: this one, unless it shares those of
 *     another
 */
public record BlobRef(
    UUID id,
    ImageId image,
    String store,
    Purpose purpose,
    String node,
    Optional<Url> url,
    UUID content) {
  /** Bytes that are ours, and this blob's own. */
  public BlobRef(UUID id, ImageId image, String store, Purpose purpose, String node) {
    this(id, image, store, purpose, node, Optional.empty(), id);
  }

  /** What the store knows the bytes as. */
  public BlobRef bytes() {
    return new BlobRef(content, image, store, purpose, node, url, content);
  }

  /** Where a store of files keeps the bytes, below its directory. */
  public String path() {
    return content.toString().substring(0, 2) + "/" + content;
  }

  /** What the bytes are for. */
  public enum Purpose {
    /** The data of an image. */
    IMAGE,
    /** Data that waits for its import. */
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

  /** Id of the store that staged data lies in. */
  public static final String STAGING_STORE = "os_glance_staging_store";
}
