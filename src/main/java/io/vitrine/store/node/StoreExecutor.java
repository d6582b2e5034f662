package io.vitrine.store.node;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.blob.StoreFailures;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Calls stores with a deadline. The number of calls waiting for one store is limited, and a hanging
 * store is not called, so it cannot delay requests to others.
 */
public final class StoreExecutor {
  private static final int MOST_PENDING = 256;

  private final NodeStores stores;
  private final StoreWatch watch;
  private final Duration deadline;
  private final Map<String, AtomicInteger> pending = new ConcurrentHashMap<>();
  private final Set<UUID> removing = ConcurrentHashMap.newKeySet();

  /** Calls stores on the threads of their pools; their watch knows which of them hang. */
  public StoreExecutor(NodeStores stores, Duration deadline) {
    this.stores = stores;
    this.watch = stores.watch();
    this.deadline = deadline;
  }

  /** The store of this id. */
  public Optional<BlobStore> find(String store) {
    return stores.stores().stream().filter(each -> each.id().equals(store)).findFirst();
  }

  /** The threads of this node's stores. */
  public StorePools pools() {
    return stores.pools();
  }

  /** Whether the store hangs. */
  public boolean isHanging(String store) {
    return watch.state(store).isHanging();
  }

  /** Calls a store to write data; refuses if the store does not work. */
  public <T> Future<T> write(
      Vertx vertx, BlobStore store, Callable<? extends T> work, Consumer<T> late) {
    return watch.state(store.id()).isUp()
        ? within(vertx, store, work, late)
        : Future.failedFuture(unavailable());
  }

  /**
   * Calls a store to read, unless it hangs.
   *
   * @param late receives a result that comes after the deadline
   */
  public <T> Future<T> read(
      Vertx vertx, BlobStore store, Callable<? extends T> work, Consumer<T> late) {
    return isHanging(store.id())
        ? Future.failedFuture(unavailable())
        : within(vertx, store, work, late);
  }

  /**
   * Calls a store to delete a blob, unless it hangs or still deletes it. A deletion that exceeds
   * the deadline is no fault of the store and continues in the background.
   */
  public <T> Future<T> remove(Vertx vertx, BlobStore store, UUID blob, Callable<? extends T> work) {
    if (isHanging(store.id())) {
      return Future.failedFuture(unavailable());
    }
    var outcome = Promise.<T>promise();
    long timer = onDeadline(vertx, outcome, () -> {});
    return start(vertx, new Call<T>(store, outcome, () -> alone(blob, work), unwanted -> {}))
        .onComplete(done -> vertx.cancelTimer(timer));
  }

  private <T> T alone(UUID blob, Callable<? extends T> work) throws Exception {
    if (!removing.add(blob)) {
      throw ProblemException.unavailable("The data is still being removed.");
    }
    try {
      return work.call();
    } finally {
      removing.remove(blob);
    }
  }

  private <T> Future<T> within(
      Vertx vertx, BlobStore store, Callable<? extends T> work, Consumer<T> late) {
    var outcome = Promise.<T>promise();
    long timer = onDeadline(vertx, outcome, () -> watch.late(store.id()));
    return start(vertx, new Call<T>(store, outcome, work, late))
        .onComplete(done -> vertx.cancelTimer(timer));
  }

  private long onDeadline(Vertx vertx, Promise<?> outcome, Runnable late) {
    return vertx.setTimer(
        deadline.toMillis(),
        tick -> {
          if (outcome.tryFail(unavailable())) {
            late.run();
          }
        });
  }

  private <T> Future<T> start(Vertx vertx, Call<T> call) {
    var waiting = pending.computeIfAbsent(call.store().id(), first -> new AtomicInteger());
    if (waiting.incrementAndGet() > MOST_PENDING) {
      waiting.decrementAndGet();
      call.outcome().tryFail(unavailable());
    } else {
      pools()
          .of(call.store())
          .execute(
              () -> {
                call.run();
                waiting.decrementAndGet();
              });
    }
    return Future.fromCompletionStage(
        call.outcome().future().toCompletionStage(), vertx.getOrCreateContext());
  }

  private static ProblemException unavailable() {
    return ProblemException.unavailable("The store does not answer; try again later.");
  }

  /**
   * One call.
   *
   * @param late receives a result that comes after the deadline
   */
  private record Call<T>(
      BlobStore store, Promise<T> outcome, Callable<? extends T> work, Consumer<T> late) {
    private void run() {
      if (outcome.future().isComplete()) {
        return;
      }
      try {
        var result = work.call();
        if (!outcome.tryComplete(result)) {
          late.accept(result);
        }
      } catch (ProblemException expected) {
        outcome.tryFail(expected);
      } catch (Exception failure) {
        outcome.tryFail(new ProblemException(StoreFailures.toProblem(store.id(), failure)));
      }
    }
  }
}
