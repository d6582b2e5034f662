package io.vitrine.image;

import java.util.Locale;
import java.util.UUID;

/**
 * Names one run of bytes in one store: which image it is of, what it is for, and the node that
 * wrote it.
 */
public record BlobRef(UUID id, ImageId image, String store, Purpose purpose, String node) {
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
