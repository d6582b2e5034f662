package io.vitrine.format.block;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/** A file that arrives as a test has it, and tells what was read of it. */
public final class ArrivingSource implements ByteSource {
  /** The bytes are not there yet. */
  public static final class WouldWait extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** What a file does when its reader has to wait. */
  private enum Kind {
    /** Its length is told only by its end. */
    UNKNOWN_SIZE,
    /** Its length was announced. */
    KNOWN_SIZE,
    /** Nobody may wait for it. */
    IMPATIENT
  }

  private final ByteSource whole;
  private final long lengthBytes;
  private final Kind kind;
  private long arrived;
  private boolean hasEnded;
  private boolean isClosed;

  /** The byte after the last that anybody waits for. */
  private long waitedFor;

  /** Whether anybody has begun to wait since the file was last fed. */
  private boolean isAwaited;

  private long neededBytes;
  private boolean wasEndNeeded;

  private ArrivingSource(ByteSource whole, long lengthBytes, Kind kind) {
    this.whole = whole;
    this.lengthBytes = lengthBytes;
    this.kind = kind;
  }

  private ArrivingSource(byte[] content, Kind kind) {
    this(new MemorySource(content, content.length), content.length, kind);
  }

  /** A file of which nothing arrived, and whose length is told only by its end. */
  public static ArrivingSource of(ByteSource whole) throws IOException {
    return new ArrivingSource(whole, whole.sizeBytes(), Kind.UNKNOWN_SIZE);
  }

  /** A file of which nothing arrived and whose length is told only by its end. */
  public static ArrivingSource of(byte[] content) {
    return new ArrivingSource(content, Kind.UNKNOWN_SIZE);
  }

  /** A file of which nothing arrived, but whose length was announced. */
  public static ArrivingSource ofKnownSize(byte[] content) {
    return new ArrivingSource(content, Kind.KNOWN_SIZE);
  }

  /** As {@link #of(byte[])}, but it fails with {@link WouldWait} where that waits. */
  public static ArrivingSource impatient(byte[] content) {
    return new ArrivingSource(content, Kind.IMPATIENT);
  }

  /** A file that is complete. */
  public static ArrivingSource complete(byte[] content) {
    return sparse(content, content.length);
  }

  /** A file that is complete, and has the bytes of {@link #filler} behind those in memory. */
  public static ArrivingSource sparse(byte[] content, long lengthBytes) {
    var whole = new MemorySource(content, lengthBytes);
    return new ArrivingSource(whole, lengthBytes, Kind.KNOWN_SIZE).feedUntil(lengthBytes).end();
  }

  /** The byte at a position behind the bytes in memory: it depends on the sector. */
  public static byte filler(long position) {
    return MemorySource.filler(position);
  }

  /** Lets more bytes arrive. */
  public synchronized ArrivingSource feed(int count) {
    return feedUntil(arrived + count);
  }

  /** Lets the bytes before a position arrive. */
  public synchronized ArrivingSource feedUntil(long position) {
    arrived = Math.max(arrived, Math.min(lengthBytes, position));
    notifyAll();
    return this;
  }

  /** Ends the file with what has arrived. */
  public synchronized ArrivingSource end() {
    hasEnded = true;
    notifyAll();
    return this;
  }

  /** Waits until somebody waits for bytes before an offset that have not arrived. */
  public synchronized void awaitReaderOf(long end) throws InterruptedException {
    while (waitedFor < end) {
      wait();
    }
  }

  /** Lets more bytes arrive once somebody waits for some; whether even more can be fed. */
  public synchronized boolean feedReader(long count) throws InterruptedException {
    while (!isAwaited && !isClosed) {
      wait();
    }
    isAwaited = false;
    feedUntil(arrived + count);
    hasEnded = arrived == lengthBytes;
    return !hasEnded && !isClosed;
  }

  /** Whether anybody ever waited, be it for bytes or for the length. */
  public synchronized boolean wasWaitedFor() {
    return waitedFor > 0;
  }

  /** How much of the file must have arrived for all that was read. */
  public synchronized long neededBytes() {
    return neededBytes;
  }

  /** Whether anybody asked for the length, or for bytes past the end. */
  public synchronized boolean wasEndNeeded() {
    return wasEndNeeded;
  }

  /** Whether it was closed. */
  public synchronized boolean isClosed() {
    return isClosed;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    require(offset, Math.addExact(offset, target.remaining()));
    whole.read(offset, target);
  }

  private synchronized void require(long offset, long end) throws IOException {
    await(end, () -> end <= arrived || hasEnded);
    if (offset < 0 || end > arrived) {
      wasEndNeeded = true;
      throw InvalidImageException.cutOff(end, arrived);
    }
    neededBytes = Math.max(neededBytes, end);
  }

  @Override
  public synchronized long sizeBytes() throws IOException {
    wasEndNeeded = true;
    await(Long.MAX_VALUE, () -> hasEnded || kind == Kind.KNOWN_SIZE);
    return hasEnded ? arrived : lengthBytes;
  }

  private synchronized void await(long end, BooleanSupplier hasArrived) throws IOException {
    try {
      while (!hasArrived.getAsBoolean()) {
        if (kind == Kind.IMPATIENT) {
          throw new WouldWait();
        }
        tellAwaited(end);
        wait();
      }
    } catch (InterruptedException interrupt) {
      throw (IOException) new InterruptedIOException().initCause(interrupt);
    }
  }

  /** Wakes whoever waits for this reader, but not for ever: all other readers are woken too. */
  private void tellAwaited(long end) {
    if (!isAwaited || waitedFor < end) {
      isAwaited = true;
      waitedFor = Math.max(waitedFor, end);
      notifyAll();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    isClosed = true;
    notifyAll();
    whole.close();
  }
}
