package io.vitrine.format.compression;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Makes objects with native memory, which one thread at a time uses, and keeps those that are idle
 * for others: as many as are ever used at the same time. Safe for concurrent use.
 */
public final class Pool<T> implements AutoCloseable {
  private final Supplier<T> maker;
  private final Consumer<T> closer;
  private final Queue<T> idle = new ConcurrentLinkedQueue<>();
  private volatile boolean isClosed;

  /** An empty pool of what one function makes and another closes. */
  public Pool(Supplier<T> maker, Consumer<T> closer) {
    this.maker = maker;
    this.closer = closer;
  }

  /** An idle object, or else a new one. */
  public T take() {
    var known = idle.poll();
    return known == null ? maker.get() : known;
  }

  /** Keeps an object that was taken, or closes it if the pool is closed. */
  public void giveBack(T pooled) {
    idle.add(pooled);
    if (isClosed) {
      closeIdle();
    }
  }

  @Override
  public void close() {
    isClosed = true;
    closeIdle();
  }

  private void closeIdle() {
    for (var pooled = idle.poll(); pooled != null; pooled = idle.poll()) {
      closer.accept(pooled);
    }
  }
}
