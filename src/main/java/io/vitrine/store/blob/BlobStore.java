package io.vitrine.store.blob;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoreRoom;
import io.vitrine.transfer.bus.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A store of blobs. Every method may block, but not forever: a store that waits for a server does
 * so with a timeout. No method may be called on an event loop.
 */
public interface BlobStore extends AutoCloseable {
  /** The id in the API and in the configuration. */
  String id();

  /**
   * Begins a blob, invisible until it is committed.
   *
   * @param expectedBytes the size, if known; a store may use it to plan
   */
  BlobWriter begin(BlobRef blob, OptionalLong expectedBytes) throws IOException;

  /**
   * Begins a blob that may take several requests, or goes on with it. Fails with a {@link
   * io.vitrine.image.problem.Problem.Locked} if another process still writes the blob. In the
   * writer's file, zeros at the end may be missing until they are durable.
   *
   * @param expectedBytes the size of the whole blob, if known
   */
  ResumableWriter resume(BlobRef blob, Message.Resumption resumption, OptionalLong expectedBytes)
      throws IOException;

  /** Opens a blob for reading; empty if it is not in this store. */
  Optional<BlobReader> open(BlobRef blob) throws IOException;

  /**
   * The file of a blob, for readers on this machine; empty if the blob is not here, or not in a
   * file.
   */
  default Optional<Path> file(BlobRef blob) {
    return Optional.empty();
  }

  /**
   * Deletes a blob, committed or not; false if it is not here. A blob in use, such as one with
   * clones, stays: this fails with a {@link io.vitrine.image.problem.Problem.Conflict} that gives
   * the reason.
   */
  boolean delete(BlobRef blob) throws IOException;

  /**
   * Whether others depend on a blob, such as clones, so that {@link #delete} would refuse. Most
   * stores have no such dependents.
   */
  default boolean isInUse(BlobRef blob) throws IOException {
    return false;
  }

  /** Visits everything in the store, committed or not, in no particular order. */
  void visit(Consumer<Entry> visitor) throws IOException;

  /** Whether readers of its files should bypass the page cache. */
  default boolean isDirect() {
    return false;
  }

  /** Whether all nodes see the same bytes here. */
  default boolean isShared() {
    return true;
  }

  /**
   * Whether its calls block in Java sockets, where virtual threads help, rather than in native
   * libraries or file I/O.
   */
  default boolean suitsVirtualThreads() {
    return false;
  }

  /** Checks whether the store works now; the exception says why not. */
  void check() throws IOException;

  /** The room for data; empty if the store cannot tell. */
  default Optional<StoreRoom> room() throws IOException {
    return Optional.empty();
  }

  @Override
  default void close() {}

  /**
   * An entry of a store.
   *
   * @param isCommitted whether readers can see it
   * @param changedAt the time of the last write, as far as the store knows
   */
  record Entry(UUID blob, long sizeBytes, boolean isCommitted, Instant changedAt) {}
}
