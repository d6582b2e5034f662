package io.vitrine.format.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.block.FakeDisk;
import io.vitrine.format.block.FakeTarget;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class DiskConversionTest {
  private static final int UNIT = 4096;

  @Test
  void followsFileIfTargetTakesAnyRange() throws Exception {
    var disk = new FakeDisk(10 * UNIT, UNIT).data(7, 2, 9, 0);
    var target = new FakeTarget(disk.sizeBytes(), 1, false);

    convert(disk, target, 1);

    assertThat(target.content()).isEqualTo(disk.content());
    assertThat(disk.reads()).containsExactly(7L * UNIT, 2L * UNIT, 9L * UNIT, 0L);
    assertThat(target.isFinished()).isTrue();
  }

  @Test
  void followsFileIfUnitsOfTargetAreNotLarger() throws Exception {
    var disk = new FakeDisk(10 * UNIT, UNIT).data(7, 2);
    var target = new FakeTarget(disk.sizeBytes(), UNIT / 2, false);

    convert(disk, target, 1);

    assertThat(target.content()).isEqualTo(disk.content());
    assertThat(target.writes())
        .containsExactly(7L * UNIT, 7L * UNIT + UNIT / 2, 2L * UNIT, 2L * UNIT + UNIT / 2);
  }

  @Test
  void gathersUnitsLargerThanThoseOfSource() throws Exception {
    var disk = new FakeDisk(15 * UNIT, UNIT).data(13, 6, 5, 1, 0);
    var target = new FakeTarget(disk.sizeBytes(), 4 * UNIT, false);

    convert(disk, target, 1);

    assertThat(target.content()).isEqualTo(disk.content());
    assertThat(target.writes()).containsExactly(0L, 4L * UNIT, 12L * UNIT);
  }

  @Test
  void keepsOrderWhilePreparingInParallel() throws Exception {
    var disk = new FakeDisk(40 * UNIT, UNIT);
    IntStream.range(0, 20).forEach(unit -> disk.data(38 - 2 * unit));
    var second = new CountDownLatch(1);
    // Preparing the first unit lasts until another thread prepares the second.
    var target =
        new FakeTarget(disk.sizeBytes(), UNIT, true)
            .onPrepare(
                offset -> {
                  if (offset == 0) {
                    await(second);
                  } else {
                    second.countDown();
                  }
                });

    convert(disk, target, 2);

    assertThat(target.content()).isEqualTo(disk.content());
    assertThat(target.writes())
        .containsExactlyElementsOf(
            LongStream.range(0, 20).mapToObj(unit -> 2 * unit * UNIT).toList());
  }

  @ParameterizedTest
  @CsvSource({"1,false", "4096,false", "8192,false", "4096,true", "16384,true"})
  void skipsUnitsOfZeros(int targetUnit, boolean isOrdered) throws Exception {
    var disk = new FakeDisk(20 * UNIT, UNIT).data(0).stored(4, 5, 6, 7, 8, 9, 10, 11).data(16);
    var target = new FakeTarget(disk.sizeBytes(), targetUnit, isOrdered);

    convert(disk, target, 2);

    assertThat(target.content()).isEqualTo(disk.content());
    assertThat(Set.copyOf(target.writes())).containsExactlyInAnyOrder(0L, 16L * UNIT);
  }

  @ParameterizedTest
  @CsvSource({"0,1", "0,65536", "1,1", "1,65536", "4097,512", "4097,4096", "70000,65536"})
  void copiesDisksOfAnySize(int sizeBytes, int targetUnit) throws Exception {
    var disk = new FakeDisk(sizeBytes, UNIT);
    disk.data(IntStream.range(0, Math.ceilDiv(sizeBytes, UNIT)).toArray());
    var target = new FakeTarget(sizeBytes, targetUnit, false);

    convert(disk, target, 2);

    assertThat(target.content()).isEqualTo(disk.content());
    assertThat(target.isFinished()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reusesFewBuffers(boolean isOrdered) throws Exception {
    var disk =
        new FakeDisk(400 * UNIT, UNIT).data(IntStream.range(0, 200).map(n -> 2 * n).toArray());
    var target = new FakeTarget(disk.sizeBytes(), UNIT, isOrdered);

    convert(disk, target, 3);

    assertThat(disk.reads()).hasSize(200);
    assertThat(disk.bufferCount()).isBetween(1, isOrdered ? 6 : 3);
  }

  @Test
  void usesAllThreads() throws Exception {
    var disk = new FakeDisk(3 * UNIT, UNIT).data(0, 1, 2);
    var threads = ConcurrentHashMap.newKeySet();
    var all = new CountDownLatch(3);
    var target =
        new FakeTarget(disk.sizeBytes(), 1, false)
            .onWrite(
                offset -> {
                  threads.add(Thread.currentThread());
                  all.countDown();
                  await(all);
                });

    convert(disk, target, 3);

    assertThat(threads).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({"1,false", "4096,true"})
  void tellsProgress(int targetUnit, boolean isOrdered) throws Exception {
    var disk = new FakeDisk(10 * UNIT, UNIT).data(1, 2, 3, 8);
    var seen = new LinkedHashSet<Long>();
    var atEnd = new AtomicLong();
    var target = new FakeTarget(disk.sizeBytes(), targetUnit, isOrdered);
    var tested = new DiskConversion(disk, target, 1);
    disk.onRead(offset -> seen.add(tested.doneBytes()));
    target.onFinish(size -> atEnd.set(tested.doneBytes()));

    assertThat(tested.doneBytes()).isZero();
    tested.run();

    assertThat(List.copyOf(seen)).isSorted().startsWith(0L);
    assertThat(atEnd).hasPositiveValue();
    assertThat(tested.doneBytes()).isEqualTo(10 * UNIT);
  }

  private static void convert(FakeDisk disk, FakeTarget target, int threads) throws Exception {
    new DiskConversion(disk, target, threads).run();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupt) {
      throw new AssertionError(interrupt);
    }
  }
}
