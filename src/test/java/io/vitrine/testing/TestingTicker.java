package io.vitrine.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vitrine.net.stream.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** A time that passes only when tests let it. */
public final class TestingTicker implements Ticker {
  /** What a tick sends, and the answer to it, arrive within so many turns of the contexts. */
  private static final int TURNS = 3;

  private final AtomicLong nowNanos = new AtomicLong();
  private final List<Repetition> repetitions = new CopyOnWriteArrayList<>();
  private final Set<Context> contexts = ConcurrentHashMap.newKeySet();

  private record Repetition(
      Context context, long intervalNanos, Runnable action, AtomicLong dueNanos) {}

  @Override
  public long nanos() {
    return nowNanos.get();
  }

  @Override
  public Runnable every(Duration interval, Runnable action) {
    var context = Objects.requireNonNull(Vertx.currentContext());
    var due = new AtomicLong(nanos() + interval.toNanos());
    var repetition = new Repetition(context, interval.toNanos(), action, due);
    contexts.add(context);
    repetitions.add(repetition);
    return () -> repetitions.remove(repetition);
  }

  /** Lets time pass tick by tick; what one tick sends has arrived before the next. */
  public void letPass(Duration time) throws TimeoutException {
    long until = nanos() + time.toNanos();
    for (var next = next(until); next.isPresent(); next = next(until)) {
      tick(next.get());
      for (int turn = 0; turn < TURNS; turn++) {
        for (var context : contexts) {
          on(context, () -> {});
        }
      }
    }
    nowNanos.set(until);
  }

  private Optional<Repetition> next(long untilNanos) {
    return repetitions.stream()
        .filter(each -> each.dueNanos.get() <= untilNanos)
        .min(Comparator.comparingLong(each -> each.dueNanos.get()));
  }

  private void tick(Repetition repetition) throws TimeoutException {
    nowNanos.set(repetition.dueNanos.getAndAdd(repetition.intervalNanos));
    on(
        repetition.context,
        () -> {
          if (repetitions.contains(repetition)) {
            repetition.action.run();
          }
        });
  }

  private static void on(Context context, Runnable action) throws TimeoutException {
    var done = Promise.<Void>promise();
    context.runOnContext(
        now -> {
          try {
            action.run();
            done.complete();
          } catch (RuntimeException failure) {
            done.fail(failure);
          }
        });
    done.future().await(20, SECONDS);
  }
}
