package io.vitrine.format.vhdx;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * A valid entry of the log (MS-VHDX 2.3.1): a header, descriptors, and a sector for each descriptor
 * of data, which holds all of the data but its first 8 and last 4 bytes.
 */
final class LogEntry {
  private static final int SIGNATURE = 0x65676f6c;
  private static final int ZERO_SIGNATURE = 0x6f72657a;
  private static final int DESCRIPTOR_SIGNATURE = 0x63736564;
  private static final int DATA_SIGNATURE = 0x61746164;
  private static final int HEADER_BYTES = 64;
  private static final int DESCRIPTOR_BYTES = 32;
  private static final int SECTOR_BYTES = LogRing.SECTOR_BYTES;

  private static final int ENTRY_LENGTH_AT = 8;
  private static final int TAIL_AT = 12;
  private static final int SEQUENCE_NUMBER_AT = 16;
  private static final int DESCRIPTOR_COUNT_AT = 24;
  private static final int LOG_GUID_AT = 32;
  private static final int FLUSHED_FILE_OFFSET_AT = 48;
  private static final int LAST_FILE_OFFSET_AT = 56;

  private static final int TRAILING_BYTES_AT = 4;
  private static final int LEADING_BYTES_AT = 8;
  private static final int ZERO_LENGTH_AT = 8;
  private static final int FILE_OFFSET_AT = 16;
  private static final int DESCRIPTOR_SEQUENCE_AT = 24;

  private static final int SEQUENCE_HIGH_AT = 4;
  private static final int DATA_AT = 8;
  private static final int SEQUENCE_LOW_AT = SECTOR_BYTES - 4;

  /**
   * What an entry may have after its data, for devices with large sectors. Without a limit, a
   * hostile log could have checksums computed over all of it at each of its sectors.
   */
  private static final int MAX_PADDING_BYTES = 1 << 20;

  private final LogRing ring;
  private final int at;
  private final ByteBuffer header;

  private LogEntry(LogRing ring, int at) {
    this.ring = ring;
    this.at = at;
    this.header = ring.part(at, HEADER_BYTES);
  }

  /** The entry at a sector of the log; empty if there is no valid one that bears the GUID. */
  static Optional<LogEntry> parse(LogRing ring, int at, UUID logGuid) {
    var entry = new LogEntry(ring, at);
    boolean isValid =
        entry.hasSoundHeader(logGuid)
            && entry.hasSoundDescriptors()
            && Checksum.isRight(ring.range(at, entry.lengthBytes()));
    return isValid ? Optional.of(entry) : Optional.empty();
  }

  private boolean hasSoundHeader(UUID logGuid) {
    return header.getInt(0) == SIGNATURE
        && TableEntry.guid(header, LOG_GUID_AT).equals(logGuid)
        && isSectors(lengthBytes())
        && lengthBytes() > 0
        && lengthBytes() <= ring.sizeBytes()
        && isSectors(tail())
        && tail() < ring.sizeBytes()
        && sequenceNumber() != 0
        && descriptors() >= 0
        && descriptors() <= (lengthBytes() - HEADER_BYTES) / DESCRIPTOR_BYTES
        && header.getLong(FLUSHED_FILE_OFFSET_AT) >= 0
        && header.getLong(LAST_FILE_OFFSET_AT) >= 0;
  }

  private boolean hasSoundDescriptors() {
    int needed = dataAt();
    for (int i = 0; i < descriptors(); i++) {
      var descriptor = descriptor(i);
      if (!isSoundDescriptor(descriptor)) {
        return false;
      }
      if (descriptor.getInt(0) == DESCRIPTOR_SIGNATURE) {
        if (needed == lengthBytes() || !isSoundData(needed)) {
          return false;
        }
        needed += SECTOR_BYTES;
      }
    }
    return needed <= lengthBytes() && lengthBytes() - needed < MAX_PADDING_BYTES;
  }

  private boolean isSoundDescriptor(ByteBuffer descriptor) {
    long offset = descriptor.getLong(FILE_OFFSET_AT);
    if (descriptor.getLong(DESCRIPTOR_SEQUENCE_AT) != sequenceNumber() || !isSectors(offset)) {
      return false;
    }
    long zeros = descriptor.getLong(ZERO_LENGTH_AT);
    return switch (descriptor.getInt(0)) {
      case DESCRIPTOR_SIGNATURE -> offset <= Long.MAX_VALUE - SECTOR_BYTES;
      case ZERO_SIGNATURE -> isSectors(zeros) && offset <= Long.MAX_VALUE - zeros;
      default -> false;
    };
  }

  private boolean isSoundData(int dataAt) {
    var data = sector(dataAt);
    return data.getInt(0) == DATA_SIGNATURE
        && data.getInt(SEQUENCE_HIGH_AT) == (int) (sequenceNumber() >>> Integer.SIZE)
        && data.getInt(SEQUENCE_LOW_AT) == (int) sequenceNumber();
  }

  private static boolean isSectors(long bytes) {
    return bytes >= 0 && bytes % SECTOR_BYTES == 0;
  }

  /** Whether it has no descriptors. */
  boolean isEmpty() {
    return descriptors() == 0;
  }

  /** Does what the descriptors say, in order. */
  void replay(ReplayedSource target) {
    int dataAt = dataAt();
    for (int i = 0; i < descriptors(); i++) {
      var descriptor = descriptor(i);
      long offset = descriptor.getLong(FILE_OFFSET_AT);
      if (descriptor.getInt(0) == ZERO_SIGNATURE) {
        target.zero(offset, descriptor.getLong(ZERO_LENGTH_AT));
      } else {
        target.write(offset, data(descriptor, dataAt));
        dataAt += SECTOR_BYTES;
      }
    }
  }

  private ByteBuffer data(ByteBuffer descriptor, int dataAt) {
    int lengthBytes = SEQUENCE_LOW_AT - DATA_AT;
    return ByteBuffer.allocate(SECTOR_BYTES)
        .put(descriptor.slice(LEADING_BYTES_AT, DATA_AT))
        .put(sector(dataAt).slice(DATA_AT, lengthBytes))
        .put(descriptor.slice(TRAILING_BYTES_AT, SECTOR_BYTES - SEQUENCE_LOW_AT))
        .flip();
  }

  private ByteBuffer descriptor(int index) {
    return ring.part((long) at + HEADER_BYTES + (long) index * DESCRIPTOR_BYTES, DESCRIPTOR_BYTES);
  }

  private ByteBuffer sector(int inEntry) {
    return ring.part((long) at + inEntry, SECTOR_BYTES);
  }

  /** Where the sectors of data begin in the entry. */
  private int dataAt() {
    int bytes = HEADER_BYTES + descriptors() * DESCRIPTOR_BYTES;
    return (bytes + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
  }

  private int descriptors() {
    return header.getInt(DESCRIPTOR_COUNT_AT);
  }

  /** Where it begins in the log, in bytes. */
  int at() {
    return at;
  }

  /** Its length: whole sectors. */
  int lengthBytes() {
    return header.getInt(ENTRY_LENGTH_AT);
  }

  /** Where in the log the oldest entry is that must be replayed together with this. */
  int tail() {
    return header.getInt(TAIL_AT);
  }

  /** Its number, unsigned; that of the next entry is one more. */
  long sequenceNumber() {
    return header.getLong(SEQUENCE_NUMBER_AT);
  }

  /** The least length of the file: it had been reached, or all that the file maps needs it. */
  long neededFileBytes() {
    return Math.max(header.getLong(FLUSHED_FILE_OFFSET_AT), header.getLong(LAST_FILE_OFFSET_AT));
  }
}
