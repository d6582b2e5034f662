package io.vitrine.store;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Runs the steps of one stream in order, on a pool that many streams share; after each step other
 * streams get their turn.
 */
final class SerialExecutor {
  private final Executor pool;
  private final Queue<Runnable> steps = new ArrayDeque<>();
  private boolean isScheduled;

  SerialExecutor(Executor pool) {
    this.pool = pool;
  }

  void run(Runnable step) {
    synchronized (steps) {
      steps.add(step);
      if (isScheduled) {
        return;
      }
      isScheduled = true;
    }
    pool.execute(this::next);
  }

  private void next() {
    Runnable step;
    synchronized (steps) {
      step = steps.remove();
    }
    try {
      step.run();
    } finally {
      if (hasMore()) {
        pool.execute(this::next);
      }
    }
  }

  private boolean hasMore() {
    synchronized (steps) {
      isScheduled = !steps.isEmpty();
      return isScheduled;
    }
  }
}
