package io.vitrine.catalog.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog knows of a store, on all nodes.
 *
 * @param blobs the stored blobs; those that only refer to URLs are not counted
 * @param bytes their sizes; equal bytes that a store keeps once count for each blob
 * @param scrub what reading them again has shown
 * @param survey what a comparison of the store with the catalog has shown
 */
public record StoreContents(long blobs, long bytes, Scrub scrub, Survey survey) {
  /** A store with nothing in it. */
  public static final StoreContents NONE =
      new StoreContents(0, 0, new Scrub(0, 0, 0, null), Survey.NONE);

  /**
   * The verdicts of scrubbing.
   *
   * @param unread the blobs that were not read again since they were written
   * @param oldest when the blob was read, or written, that is longest ago
   */
  public record Scrub(long unread, long missing, long damaged, @Nullable Instant oldest) {}

  /**
   * The last surveys of a store.
   *
   * @param orphans the blobs that the catalog does not know
   * @param oldest the end of the oldest survey, if there are several of several nodes
   */
  public record Survey(long orphans, long orphanBytes, @Nullable Instant oldest) {
    /** No survey yet. */
    static final Survey NONE = new Survey(0, 0, null);
  }
}
