package io.vitrine.upkeep.cache;

import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An image being written to the cache, shared by the writer and the readers who follow. Readers get
 * the last byte only after all bytes are verified, so they either have the right data or see it
 * truncated. Thread-safe.
 */
final class Fill {
  private final Image image;
  private final CacheKey key;
  private final long sizeBytes;
  private final Promise<Void> started = Promise.promise();
  private final Promise<Void> ended = Promise.promise();
  private final Set<Runnable> watchers = new LinkedHashSet<>();

  private @Nullable FileChannel channel;
  private int users = 1;
  private long filledBytes;
  private boolean isVerified;
  private boolean isUnwanted;
  private @Nullable Throwable failure;
  private long lastProgressNanos = System.nanoTime();

  /** A fill with an image that has a key and a size. */
  Fill(Image image) {
    this.image = image;
    this.key = CacheKey.of(image).orElseThrow();
    this.sizeBytes = Objects.requireNonNull(image.size());
  }

  ImageId id() {
    return image.id();
  }

  CacheKey key() {
    return key;
  }

  Image image() {
    return image;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** Drops the image; readers continue. The file may be unlinked at once. */
  synchronized void discard() {
    isUnwanted = true;
  }

  synchronized boolean isUnwanted() {
    return isUnwanted;
  }

  /** Completes in the context when there is a file to follow; fails if there will be none. */
  Future<Void> started(Context context) {
    return in(context, started.future());
  }

  /** Completes in the context when the image is cached; fails if it will not be. */
  Future<Void> ended(Context context) {
    return in(context, ended.future());
  }

  private static <T> Future<T> in(Context context, Future<T> elsewhere) {
    var result = Promise.<T>promise();
    elsewhere.onComplete(
        (value, reason) -> context.runOnContext(later -> result.complete(value, reason)));
    return result.future();
  }

  /** Adds a reader; each one calls {@link #leave()} once. */
  synchronized Fill join() {
    users++;
    return this;
  }

  /** Adds a reader of this image, unless that has other data or the fill is unwanted. */
  synchronized Optional<Fill> join(Image reading) {
    return isUnwanted || !key.isOf(reading) ? Optional.empty() : Optional.of(join());
  }

  void leave() {
    var unused = released();
    if (unused != null) {
      try {
        unused.close();
      } catch (IOException ignored) {
        // The file was only read, so no data is lost.
      }
    }
  }

  private synchronized @Nullable FileChannel released() {
    users--;
    return users == 0 ? channel : null;
  }

  void start(FileChannel open) {
    synchronized (this) {
      channel = open;
    }
    started.tryComplete();
  }

  /** Registers a callback, which runs on the thread that makes a change. */
  void watch(Runnable watcher) {
    synchronized (this) {
      watchers.add(watcher);
    }
    watcher.run();
  }

  synchronized void unwatch(Runnable watcher) {
    watchers.remove(watcher);
  }

  void advance(long bytes) {
    change(
        () -> {
          filledBytes += bytes;
          lastProgressNanos = System.nanoTime();
        });
  }

  void succeed() {
    change(() -> isVerified = true);
    ended.tryComplete();
  }

  void fail(Throwable reason) {
    change(() -> failure = failure == null ? reason : failure);
    started.tryFail(reason);
    ended.tryFail(reason);
  }

  private void change(Runnable change) {
    List<Runnable> watching;
    synchronized (this) {
      change.run();
      watching = List.copyOf(watchers);
    }
    watching.forEach(Runnable::run);
  }

  /** The position up to which readers may read. */
  synchronized long readableBytes() {
    return isVerified ? sizeBytes : Math.max(0, Math.min(filledBytes, sizeBytes - 1));
  }

  synchronized boolean isVerified() {
    return isVerified;
  }

  synchronized @Nullable Throwable failure() {
    return failure;
  }

  synchronized boolean isStalled(Duration time) {
    return failure == null && !isVerified && System.nanoTime() - lastProgressNanos > time.toNanos();
  }

  FileChannel channel() {
    synchronized (this) {
      return Objects.requireNonNull(channel);
    }
  }

  /** Reads at most so many bytes from a position. Blocks. */
  byte[] read(long position, int length) throws IOException {
    var bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel().read(bytes, position + bytes.position()) < 0) {
        throw unavailable("The cache lost some of this image.");
      }
    }
    return bytes.array();
  }
}
