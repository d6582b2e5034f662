package io.vitrine.format.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A disk in memory, whose file has the units in the order in which the test added them. */
public final class FakeDisk implements BlockSource {
  private final byte[] content;
  private final int unitBytes;
  private final List<Integer> fileOrder = new ArrayList<>();
  private final List<Long> reads = Collections.synchronizedList(new ArrayList<>());
  private final Set<byte[]> buffers =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
  private OffsetHook onRead = offset -> {};
  private OffsetHook onEndOfFile = offset -> {};

  /** A disk without data. */
  public FakeDisk(int sizeBytes, int unitBytes) {
    this.content = new byte[sizeBytes];
    this.unitBytes = unitBytes;
  }

  /** Adds units that have data other than zeros. */
  public FakeDisk data(int... units) {
    for (int unit : units) {
      var bytes = new byte[end(unit) - unit * unitBytes];
      new Random(unit).nextBytes(bytes);
      bytes[0] = 1;
      System.arraycopy(bytes, 0, content, unit * unitBytes, bytes.length);
    }
    return stored(units);
  }

  /** Adds units whose bytes are in the file, and are zeros. */
  public FakeDisk stored(int... units) {
    for (int unit : units) {
      fileOrder.add(unit);
    }
    return this;
  }

  /** Does something whenever something is read, with its offset. */
  public FakeDisk onRead(OffsetHook hook) {
    onRead = hook;
    return this;
  }

  /** Does something when all data in the order of the file was given. */
  public FakeDisk onEndOfFile(OffsetHook hook) {
    onEndOfFile = hook;
    return this;
  }

  /** A copy of the disk's bytes. */
  public byte[] content() {
    return Arrays.copyOf(content, content.length);
  }

  /** The offsets that were read, in order. */
  public List<Long> reads() {
    return List.copyOf(reads);
  }

  /** How many different buffers were read into. */
  public int bufferCount() {
    return buffers.size();
  }

  private int end(int unit) {
    return Math.min(content.length, (unit + 1) * unitBytes);
  }

  @Override
  public long sizeBytes() {
    return content.length;
  }

  @Override
  public int unitBytes() {
    return unitBytes;
  }

  @Override
  @SuppressWarnings("ByteBufferBackingArray") // Which array it is counts, not what is in it.
  public void read(long offset, ByteBuffer target) throws IOException {
    Objects.checkFromIndexSize(offset, target.remaining(), content.length);
    reads.add(offset);
    buffers.add(target.array());
    onRead.at(offset);
    target.put(content, (int) offset, target.remaining());
  }

  @Override
  public Extents extents(long offset, long lengthBytes) {
    Objects.checkFromIndexSize(offset, lengthBytes, content.length);
    var found = new ArrayDeque<Extent>();
    for (long at = offset; at < offset + lengthBytes; ) {
      int unit = (int) (at / unitBytes);
      long to = Math.min(end(unit), offset + lengthBytes);
      var kind = fileOrder.contains(unit) ? Extent.Kind.DATA : Extent.Kind.HOLE;
      var last = found.peekLast();
      if (last != null && last.kind() == kind) {
        found.removeLast();
        found.add(new Extent(last.offset(), to - last.offset(), kind));
      } else {
        found.add(new Extent(at, to - at, kind));
      }
      at = to;
    }
    return () -> Optional.ofNullable(found.poll());
  }

  @Override
  public Extents dataInFileOrder() {
    var units = fileOrder.iterator();
    return () -> {
      if (!units.hasNext()) {
        onEndOfFile.at(content.length);
        return Optional.empty();
      }
      int unit = units.next();
      long offset = (long) unit * unitBytes;
      return Optional.of(new Extent(offset, end(unit) - offset, Extent.Kind.DATA));
    };
  }

  @Override
  public void close() {}
}
