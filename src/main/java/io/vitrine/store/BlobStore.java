package io.vitrine.store;

import io.vitrine.image.location.BlobRef;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A place for blobs. All methods may block, but each has an end: a store that waits for a server
 * has a deadline for it. None is called on an event loop.
 */
public interface BlobStore extends AutoCloseable {
  /** The id in the API and the configuration. */
  String id();

  /**
   * Begins a blob, invisible until it is committed.
   *
   * @param expectedBytes how much will be written if that is known; a store may plan by it
   */
  BlobWriter begin(BlobRef blob, OptionalLong expectedBytes) throws IOException;

  /** Opens a blob's bytes for reading; empty if it is not here. */
  Optional<BlobReader> open(BlobRef blob) throws IOException;

  /**
   * The file that holds a blob, for readers of this machine; empty if it is not here, or in none.
   */
  default Optional<Path> file(BlobRef blob) {
    return Optional.empty();
  }

  /**
   * Removes a blob, also one that was never committed; false if it is not here. A blob that others
   * use, such as one with clones, stays, and a {@link io.vitrine.image.problem.Problem.Conflict}
   * says why.
   */
  boolean delete(BlobRef blob) throws IOException;

  /**
   * Whether others depend on a blob, as its clones do, so that it would not be deleted. Most stores
   * know of nobody.
   */
  default boolean isInUse(BlobRef blob) throws IOException {
    return false;
  }

  /** Shows all that lies here, committed or not, in no order. */
  void visit(Consumer<Kept> visitor) throws IOException;

  /** Whether its files are to be read past the system's cache of files. */
  default boolean isDirect() {
    return false;
  }

  /** Whether every node sees the same bytes here. */
  default boolean isShared() {
    return true;
  }

  /**
   * Whether its calls wait where virtual threads can, in sockets of Java, and not in libraries or
   * files.
   */
  default boolean suitsVirtualThreads() {
    return false;
  }

  /** Finds out whether the store works now; an exception says why not. */
  void check() throws IOException;

  @Override
  default void close() {}

  /**
   * What lies in a store.
   *
   * @param isCommitted whether it is visible to readers
   * @param changedAt when it was written last, as far as the store knows
   */
  record Kept(UUID blob, long sizeBytes, boolean isCommitted, Instant changedAt) {}
}
