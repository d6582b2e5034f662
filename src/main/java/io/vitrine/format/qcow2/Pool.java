package io.vitrine.format.qcow2;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Makes objects with native memory, which one thread at a time uses, and keeps those that are idle
 * for others: as many as are ever used at the same time. Safe for concurrent use.
 */
final class Pool<T extends Pool.Pooled> implements AutoCloseable {
  /** Must be closed. */
  interface Pooled extends AutoCloseable {
    @Override
    void close();
  }

  private final Supplier<T> maker;
  private final Queue<T> idle = new ConcurrentLinkedQueue<>();
  private volatile boolean isClosed;

  Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  T take() {
    var known = idle.poll();
    return known == null ? maker.get() : known;
  }

  void giveBack(T pooled) {
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
      pooled.close();
    }
  }
}
