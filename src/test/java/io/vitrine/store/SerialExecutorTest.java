package io.vitrine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
  /** A pool whose work is done when the test says so. */
  private final Queue<Runnable> pool = new ArrayDeque<>();

  private final List<String> done = new ArrayList<>();

  @Test
  void keepsTheOrderOfItsSteps() {
    var executor = new SerialExecutor(pool::add);
    executor.run(() -> done.add("1"));
    executor.run(() -> done.add("2"));
    executor.run(() -> done.add("3"));

    work();

    assertThat(done).containsExactly("1", "2", "3");
  }

  @Test
  void occupiesOnePlaceOfThePool() {
    var executor = new SerialExecutor(pool::add);

    executor.run(() -> done.add("1"));
    executor.run(() -> done.add("2"));

    assertThat(pool).hasSize(1);
  }

  @Test
  void givesOthersTheirTurnAfterEachStep() {
    var busy = new SerialExecutor(pool::add);
    var other = new SerialExecutor(pool::add);
    busy.run(() -> done.add("busy 1"));
    busy.run(() -> done.add("busy 2"));
    busy.run(() -> done.add("busy 3"));
    other.run(() -> done.add("other"));

    work();

    assertThat(done).containsExactly("busy 1", "other", "busy 2", "busy 3");
  }

  @Test
  void goesOnAfterAPause() {
    var executor = new SerialExecutor(pool::add);
    executor.run(() -> done.add("1"));
    work();

    executor.run(() -> done.add("2"));
    work();

    assertThat(done).containsExactly("1", "2");
  }

  @Test
  void takesStepsFromItsSteps() {
    var executor = new SerialExecutor(pool::add);
    executor.run(() -> executor.run(() -> done.add("inner")));
    executor.run(() -> done.add("outer"));

    work();

    assertThat(done).containsExactly("outer", "inner");
  }

  @Test
  void goesOnAfterAStepThatFailed() {
    var executor = new SerialExecutor(pool::add);
    executor.run(
        () -> {
          throw new IllegalStateException("a defect");
        });
    executor.run(() -> done.add("2"));

    assertThatThrownBy(this::work).isInstanceOf(IllegalStateException.class);
    work();

    assertThat(done).containsExactly("2");
  }

  @Test
  void neverRunsTwoStepsAtOnce() throws Exception {
    var steps = 10_000;
    var sum = new ArrayList<Integer>();
    var finished = new CountDownLatch(1);
    try (var threads = Executors.newFixedThreadPool(4)) {
      var executor = new SerialExecutor(threads);

      IntStream.range(0, steps).forEach(i -> executor.run(() -> sum.add(i)));
      executor.run(finished::countDown);

      assertThat(finished.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(sum).isEqualTo(IntStream.range(0, steps).boxed().toList());
  }

  private void work() {
    while (!pool.isEmpty()) {
      pool.remove().run();
    }
  }
}
