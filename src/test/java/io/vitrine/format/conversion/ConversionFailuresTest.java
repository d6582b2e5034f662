package io.vitrine.format.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitrine.format.block.FakeDisk;
import io.vitrine.format.block.FakeTarget;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.OffsetHook;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How conversions end that do not succeed. */
@Timeout(30)
class ConversionFailuresTest {
  private static final int UNIT = 4096;
  private static final int UNITS = 50;

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

    assertThatThrownBy(() -> new DiskConversion(disk, target, 2).run()).isSameAs(fault);
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

    assertThatThrownBy(() -> new DiskConversion(disk, target, 2).run()).isSameAs(defect);
  }

  @Test
  void wakesThoseThatWaitWhenOneFails() {
    var waiting = new CountDownLatch(1);
    disk.onRead(
        offset -> {
          if (offset == 0) {
            waiting.countDown();
            awaitForever();
          }
          await(waiting);
          throw failure;
        });

    throwsFailure(target(false));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endsWhenInterrupted(boolean isOrdered) throws Exception {
    var reading = new CountDownLatch(2);
    disk.onRead(
        offset -> {
          if (offset >= 20 * UNIT) {
            reading.countDown();
            awaitForever();
          }
        });
    var target = target(isOrdered);

    assertThat(interrupted(target, reading)).isInstanceOf(InterruptedException.class);
    assertThat(target.isFinished()).isFalse();
  }

  @Test
  void waitsForWritesThatAreOnWhenInterrupted() throws Exception {
    var writing = new CountDownLatch(1);
    var target =
        target(false)
            .onWrite(
                offset -> {
                  writing.countDown();
                  // Not interruptible, as writes to some files are not.
                  for (long end = System.nanoTime() + 100_000_000; System.nanoTime() < end; ) {
                    Thread.onSpinWait();
                  }
                });

    assertThat(interrupted(target, writing)).isInstanceOf(InterruptedException.class);

    int writes = target.writes().size();
    Thread.sleep(150);
    assertThat(target.writes()).hasSize(writes).hasSizeLessThan(UNITS);
  }

  /** How a conversion ends that is interrupted once something has begun. */
  private @Nullable Throwable interrupted(FakeTarget target, CountDownLatch begun)
      throws InterruptedException {
    var outcome = new AtomicReference<@Nullable Throwable>();
    var conversion = new DiskConversion(disk, target, 2);
    var caller = Thread.ofPlatform().start(() -> outcome.set(catchThrowable(conversion::run)));
    begun.await();
    caller.interrupt();
    caller.join();
    return outcome.get();
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
    var conversion = new DiskConversion(disk, target, 2);

    assertThatThrownBy(conversion::run).isSameAs(failure);
    assertThat(target.isFinished()).isFalse();
    assertThat(conversion.doneBytes()).isLessThan(disk.sizeBytes());
  }

  private static void awaitForever() throws IOException {
    await(new CountDownLatch(1));
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException interrupt) {
      throw new InterruptedIOException();
    }
  }
}
