package io.vitrine.format.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitrine.format.block.FakeDisk;
import io.vitrine.format.block.FakeTarget;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.OffsetHook;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How conversions end that do not succeed. */
@Timeout(30)
class ConversionFailuresTest {
  private static final int UNIT = 4096;
  private static final int UNITS = 50;
  private static final int THREADS = 2;

  private final FakeDisk disk =
      new FakeDisk(2 * UNITS * UNIT, UNIT)
          .data(IntStream.range(0, UNITS).map(unit -> 2 * unit).toArray());
  private final IOException failure = new IOException("no space left");

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void throwsWhatReadingFailedWith(boolean isOrdered) {
    disk.onRead(failsAt(20 * UNIT));

    throwsFailure(target(isOrdered));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void throwsWhatPreparingFailedWith(boolean isOrdered) {
    throwsFailure(target(isOrdered).onPrepare(failsAt(20 * UNIT)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void throwsWhatWritingFailedWith(boolean isOrdered) {
    throwsFailure(target(isOrdered).onWrite(failsAt(20 * UNIT)));
  }

  @Test
  void throwsWhatFinishingFailedWith() {
    throwsFailure(target(false).onFinish(failsAt(disk.sizeBytes())));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void findsFaultsOfFileInBothOrders(boolean isOrdered) {
    var fault = new InvalidImageException("is corrupt: data overlaps something else");
    disk.onEndOfFile(
        offset -> {
          throw fault;
        });
    var target = target(isOrdered);

    assertThatThrownBy(() -> new DiskConversion(disk, target, THREADS).run()).isSameAs(fault);
    assertThat(target.isFinished()).isFalse();
  }

  @Test
  void throwsDefectsAsTheyAre() {
    var defect = new IllegalStateException("defect");
    disk.onRead(
        offset -> {
          throw defect;
        });
    var target = target(false);

    assertThatThrownBy(() -> new DiskConversion(disk, target, THREADS).run()).isSameAs(defect);
  }

  @Test
  void wakesThoseThatWaitWhenOneFails() {
    var waiting = new CountDownLatch(1);
    var block = OffsetHook.blocking(waiting);
    disk.onRead(
        offset -> {
          if (offset == 0) {
            block.at(offset);
          }
          await(waiting);
          throw failure;
        });

    throwsFailure(target(false));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endsWhenInterrupted(boolean isOrdered) throws Exception {
    var reading = new CountDownLatch(THREADS);
    var block = OffsetHook.blocking(reading);
    disk.onRead(
        offset -> {
          if (offset >= 20 * UNIT) {
            block.at(offset);
          }
        });
    var target = target(isOrdered);
    var ending = new FutureTask<>(() -> ending(target));
    var caller = Thread.ofPlatform().start(ending);
    reading.await();

    caller.interrupt();

    assertThat(ending.get()).containsInstanceOf(InterruptedException.class);
    assertThat(target.isFinished()).isFalse();
  }

  @Test
  void waitsForWritesThatAreOnWhenInterrupted() throws Exception {
    var writing = new CountDownLatch(THREADS);
    var mayEnd = new CompletableFuture<Boolean>();
    var writers = ConcurrentHashMap.<Thread>newKeySet();
    var target =
        target(false)
            .onWrite(
                offset -> {
                  writers.add(Thread.currentThread());
                  writing.countDown();
                  // Not interruptible, as writes to some files are not.
                  mayEnd.join();
                });
    var ending = new FutureTask<>(() -> ending(target));
    var caller = Thread.ofPlatform().start(ending);
    writing.await();

    caller.interrupt();

    TestingConditions.await(
        "the end, or another wait", () -> ending.isDone() || waitsInSpiteOfInterrupt(caller));
    assertThat(ending).isNotDone();
    assertThat(target.writes()).isEmpty();
    mayEnd.complete(true);
    assertThat(ending.get()).containsInstanceOf(InterruptedException.class);
    assertThat(target.writes()).hasSize(THREADS);
    for (var writer : writers) {
      writer.join();
    }
    assertThat(target.writes()).hasSize(THREADS);
  }

  /** Whether a thread took notice of an interrupt, and waits again. */
  private static boolean waitsInSpiteOfInterrupt(Thread thread) {
    return !thread.isInterrupted()
        && EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING).contains(thread.getState());
  }

  /** What a conversion ends with, unless it succeeds. */
  private Optional<Throwable> ending(FakeTarget target) {
    return Optional.ofNullable(catchThrowable(new DiskConversion(disk, target, THREADS)::run));
  }

  private FakeTarget target(boolean isOrdered) {
    return new FakeTarget(disk.sizeBytes(), UNIT, isOrdered);
  }

  private OffsetHook failsAt(long from) {
    return offset -> {
      if (offset >= from) {
        throw failure;
      }
    };
  }

  private void throwsFailure(FakeTarget target) {
    var conversion = new DiskConversion(disk, target, THREADS);

    assertThatThrownBy(conversion::run).isSameAs(failure);
    assertThat(target.isFinished()).isFalse();
    assertThat(conversion.doneBytes()).isLessThan(disk.sizeBytes());
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException interrupt) {
      throw new InterruptedIOException();
    }
  }
}
