package io.vitrine.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Calls to stores, each with a deadline. Only so many wait for one store, and none is made to a
 * store that hangs: so it keeps nobody waiting who wants another.
 */
public final class StoreCalls {
  private static final int MOST_PENDING = 256;

  private final StorePools pools;
  private final StoreWatch watch;
  private final Duration deadline;
  private final Map<String, AtomicInteger> pending = new ConcurrentHashMap<>();

  /** Calls on the threads of pools, as far as the watch says that they will come back. */
  public StoreCalls(StorePools pools, StoreWatch watch, Duration deadline) {
    this.pools = pools;
    this.watch = watch;
    this.deadline = deadline;
  }

  StorePools pools() {
    return pools;
  }

  /** Whether calls to the store do not come back now. */
  boolean isHanging(String store) {
    return watch.state(store).isHanging();
  }

  /** Calls a store to take data, if it works. */
  <T> Future<T> write(Vertx vertx, BlobStore store, Callable<? extends T> work, Consumer<T> late) {
    return watch.state(store.id()).isUp()
        ? within(vertx, store, work, late)
        : Future.failedFuture(unavailable());
  }

  /**
   * Calls a store, unless it hangs.
   *
   * @param late gets what comes after the deadline, when nobody wants it any more
   */
  <T> Future<T> read(Vertx vertx, BlobStore store, Callable<? extends T> work, Consumer<T> late) {
    return isHanging(store.id())
        ? Future.failedFuture(unavailable())
        : within(vertx, store, work, late);
  }

  /** Calls a store for something that may take as long as it does, unless it hangs. */
  <T> Future<T> remove(Vertx vertx, BlobStore store, Callable<? extends T> work) {
    var outcome = new CompletableFuture<T>();
    return isHanging(store.id())
        ? Future.failedFuture(unavailable())
        : start(vertx.getOrCreateContext(), store, outcome, work, unwanted -> {});
  }

  private <T> Future<T> within(
      Vertx vertx, BlobStore store, Callable<? extends T> work, Consumer<T> late) {
    var outcome = new CompletableFuture<T>();
    long timer =
        vertx.setTimer(
            deadline.toMillis(),
            tick -> {
              if (outcome.completeExceptionally(unavailable())) {
                watch.late(store.id());
              }
            });
    return start(vertx.getOrCreateContext(), store, outcome, work, late)
        .onComplete(done -> vertx.cancelTimer(timer));
  }

  private <T> Future<T> start(
      Context context,
      BlobStore store,
      CompletableFuture<T> outcome,
      Callable<? extends T> work,
      Consumer<T> late) {
    var waiting = pending.computeIfAbsent(store.id(), first -> new AtomicInteger());
    if (waiting.incrementAndGet() > MOST_PENDING) {
      waiting.decrementAndGet();
      outcome.completeExceptionally(unavailable());
    } else {
      pools
          .of(store)
          .execute(
              () -> {
                run(store, outcome, work, late);
                waiting.decrementAndGet();
              });
    }
    return Future.fromCompletionStage(outcome, context);
  }

  private static <T> void run(
      BlobStore store, CompletableFuture<T> outcome, Callable<? extends T> work, Consumer<T> late) {
    if (outcome.isDone()) {
      return;
    }
    try {
      var result = work.call();
      if (!outcome.complete(result)) {
        late.accept(result);
      }
    } catch (ProblemException expected) {
      outcome.completeExceptionally(expected);
    } catch (Exception failure) {
      outcome.completeExceptionally(
          new ProblemException(StoreFailures.toProblem(store.id(), failure)));
    }
  }

  private static ProblemException unavailable() {
    return new ProblemException(
        new Problem.Unavailable("The store does not answer; try again later."));
  }
}
