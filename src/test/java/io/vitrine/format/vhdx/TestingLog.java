package io.vitrine.format.vhdx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A log made by hand, entry by entry. */
final class TestingLog {
  static final UUID GUID = UUID.fromString("01020304-0506-0708-090a-0b0c0d0e0f10");

  private static final int SECTOR = 4096;

  private final byte[] ring = new byte[TestingVhdx.LOG_BYTES];
  private int at;
  private int tail;

  /** A log whose entries begin at the sector. */
  static TestingLog at(int sector) {
    var log = new TestingLog();
    log.at = sector * SECTOR;
    log.tail = log.at;
    return log;
  }

  /** Lets the next entries name the sector as their tail. */
  TestingLog tail(int sector) {
    tail = sector * SECTOR;
    return this;
  }

  /** Adds an entry. */
  TestingLog add(Entry entry) {
    var bytes = entry.toBytes(tail);
    for (byte value : bytes) {
      ring[at++ % ring.length] = value;
    }
    at %= ring.length;
    return this;
  }

  /** Spoils a byte of the ring. */
  TestingLog flip(int index) {
    ring[index] ^= 1;
    return this;
  }

  byte[] toBytes() {
    return ring.clone();
  }

  /** An entry. Its fields may be spoiled before its checksum is computed. */
  static final class Entry {
    private final long sequenceNumber;
    private final List<ByteBuffer> descriptors = new ArrayList<>();
    private final List<ByteBuffer> sectors = new ArrayList<>();
    private final List<Spoil> spoils = new ArrayList<>();
    private UUID guid = GUID;
    private long flushedBytes;
    private long lastBytes;
    private int padding;

    /** Changes the bytes of an entry. */
    @FunctionalInterface
    interface Spoil {
      void change(ByteBuffer entry);
    }

    Entry(long sequenceNumber) {
      this.sequenceNumber = sequenceNumber;
    }

    /** Writes a sector of the file. */
    Entry data(long position, byte[] sector) {
      var data = ByteBuffer.wrap(sector).order(ByteOrder.LITTLE_ENDIAN);
      var descriptor = descriptor("desc", position);
      descriptor.putInt(4, data.getInt(SECTOR - 4)).putLong(8, data.getLong(0));
      var stored = buffer(SECTOR).put(sector).flip();
      stored.put(0, "data".getBytes(StandardCharsets.US_ASCII));
      stored.putInt(4, (int) (sequenceNumber >>> 32)).putInt(SECTOR - 4, (int) sequenceNumber);
      sectors.add(stored);
      return this;
    }

    /** Writes zeros. */
    Entry zero(long position, long lengthBytes) {
      descriptor("zero", position).putLong(8, lengthBytes);
      return this;
    }

    private ByteBuffer descriptor(String signature, long position) {
      var descriptor = buffer(32).put(0, signature.getBytes(StandardCharsets.US_ASCII));
      descriptor.putLong(16, position).putLong(24, sequenceNumber);
      descriptors.add(descriptor);
      return descriptor;
    }

    Entry guid(UUID other) {
      guid = other;
      return this;
    }

    Entry fileBytes(long flushed, long last) {
      flushedBytes = flushed;
      lastBytes = last;
      return this;
    }

    Entry padding(int sectorCount) {
      padding = sectorCount;
      return this;
    }

    Entry spoil(Spoil change) {
      spoils.add(change);
      return this;
    }

    private byte[] toBytes(int tail) {
      int dataAt = (64 + 32 * descriptors.size() + SECTOR - 1) / SECTOR * SECTOR;
      var entry = buffer(dataAt + (sectors.size() + padding) * SECTOR);
      entry.put(0, "loge".getBytes(StandardCharsets.US_ASCII));
      entry.putInt(8, entry.limit()).putInt(12, tail).putLong(16, sequenceNumber);
      entry.putInt(24, descriptors.size());
      entry.putLong(48, flushedBytes).putLong(56, lastBytes);
      TestingVhdx.putGuid(entry, 32, guid);
      for (int i = 0; i < descriptors.size(); i++) {
        entry.put(64 + 32 * i, descriptors.get(i).array());
      }
      for (int i = 0; i < sectors.size(); i++) {
        entry.put(dataAt + SECTOR * i, sectors.get(i).array());
      }
      spoils.forEach(spoil -> spoil.change(entry));
      entry.putInt(4, Checksum.of(List.of(entry)));
      var bytes = new byte[entry.limit()];
      entry.get(0, bytes);
      return bytes;
    }

    private static ByteBuffer buffer(int lengthBytes) {
      return ByteBuffer.allocate(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
