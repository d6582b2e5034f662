package io.vitrine.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Waits for what becomes true in its own time. */
public final class TestingConditions {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private TestingConditions() {}

  /** The first value that meets the condition; fails with the last one seen when none comes. */
  public static <T> T await(Callable<T> value, Predicate<T> condition) {
    var deadline = System.nanoTime() + DEADLINE.toNanos();
    for (; ; ) {
      var seen = call(value);
      if (condition.test(seen)) {
        return seen;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain, and saw last: " + seen);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Waits until the condition is met; fails with what it is called when it never is. */
  public static void await(String condition, BooleanSupplier isMet) {
    var deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!isMet.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + condition);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static <T> T call(Callable<T> value) {
    try {
      return value.call();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
