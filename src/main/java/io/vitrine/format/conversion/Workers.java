package io.vitrine.format.conversion;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The threads of a conversion. None is left when this is closed. */
final class Workers implements AutoCloseable {
  /** What a thread does. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException, InterruptedException;
  }

  private final int threads;
  private final ExecutorService pool;

  Workers(int threads) {
    this.threads = threads;
    this.pool = Executors.newFixedThreadPool(threads, Workers::thread);
  }

  private static Thread thread(Runnable work) {
    return Thread.ofPlatform().name("disk-conversion").daemon().unstarted(work);
  }

  /** Runs the work on every thread. Throws the first failure, while others may still be running. */
  void runOnAll(Work work) throws IOException, InterruptedException {
    run(work, threads);
  }

  /** Runs the work on one thread. */
  void run(Work work) throws IOException, InterruptedException {
    run(work, 1);
  }

  private void run(Work work, int times) throws IOException, InterruptedException {
    var results = new ExecutorCompletionService<Boolean>(pool);
    for (int begun = 0; begun < times; begun++) {
      results.submit(
          () -> {
            work.run();
            return true;
          });
    }
    for (int ended = 0; ended < times; ended++) {
      try {
        results.take().get();
      } catch (ExecutionException failure) {
        throw rethrown(failure.getCause());
      }
    }
  }

  private static IllegalStateException rethrown(@Nullable Throwable cause)
      throws IOException, InterruptedException {
    return switch (cause) {
      case IOException failure -> throw failure;
      case InterruptedException failure -> throw failure;
      case RuntimeException failure -> throw failure;
      case Error failure -> throw failure;
      case null, default -> new IllegalStateException(cause);
    };
  }

  /** Interrupts whatever is still running, and waits for it to end. */
  @Override
  public void close() {
    pool.shutdownNow();
    pool.close();
  }
}
