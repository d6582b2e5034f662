package io.vitrine.format.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A disk in memory that is written, and that insists on the rules for writing it. */
public final class FakeTarget implements BlockTarget {
  private final byte[] content;
  private final int unitBytes;
  private final boolean isOrdered;
  private final List<Long> writes = new ArrayList<>();
  private final AtomicInteger writers = new AtomicInteger();
  private OffsetHook onPrepare = offset -> {};
  private OffsetHook onWrite = offset -> {};
  private OffsetHook onFinish = offset -> {};
  private boolean isFinished;

  /** A disk of zeros. */
  public FakeTarget(long sizeBytes, int unitBytes, boolean isOrdered) {
    this.content = new byte[(int) sizeBytes];
    this.unitBytes = unitBytes;
    this.isOrdered = isOrdered;
  }

  /** Does something whenever a unit is prepared. */
  public FakeTarget onPrepare(OffsetHook hook) {
    onPrepare = hook;
    return this;
  }

  /** Does something whenever a unit is written. */
  public FakeTarget onWrite(OffsetHook hook) {
    onWrite = hook;
    return this;
  }

  /** Does something when the target is finished. */
  public FakeTarget onFinish(OffsetHook hook) {
    onFinish = hook;
    return this;
  }

  /** A copy of what was written. */
  public byte[] content() {
    return Arrays.copyOf(content, content.length);
  }

  /** The offsets that were written, in order. */
  public synchronized List<Long> writes() {
    return List.copyOf(writes);
  }

  /** Whether it was finished, without a fault. */
  public boolean isFinished() {
    return isFinished;
  }

  @Override
  public int unitBytes() {
    return unitBytes;
  }

  @Override
  public boolean isOrdered() {
    return isOrdered;
  }

  @Override
  public PreparedUnit prepare(long offset, ByteBuffer data) throws IOException {
    assertThat(offset % unitBytes).isZero();
    assertThat(offset + data.remaining()).isLessThanOrEqualTo(content.length);
    if (unitBytes > 1 && offset + data.remaining() < content.length) {
      assertThat(data.remaining()).isEqualTo(unitBytes);
    }
    assertThat(data.hasArray()).isTrue();
    onPrepare.at(offset);
    return () -> write(offset, data.duplicate());
  }

  private void write(long offset, ByteBuffer data) throws IOException {
    assertThat(writers.incrementAndGet()).isLessThanOrEqualTo(isOrdered ? 1 : Integer.MAX_VALUE);
    onWrite.at(offset);
    synchronized (this) {
      assertThat(writes).doesNotContain(offset);
      if (isOrdered && !writes.isEmpty()) {
        assertThat(offset).isGreaterThan(writes.getLast());
      }
      writes.add(offset);
    }
    data.get(content, (int) offset, data.remaining());
    writers.decrementAndGet();
  }

  @Override
  public void finish() throws IOException {
    assertThat(isFinished).isFalse();
    assertThat(writers).hasValue(0);
    onFinish.at(content.length);
    isFinished = true;
  }

  @Override
  public void close() {}
}
