package io.vitrine.format.vhdx;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.UUID;

/**
 * One of the two headers of a VHDX (MS-VHDX 2.2.2), whose signature and checksum are right.
 *
 * @param position of the header in the file
 * @param structure its 4 KiB, little-endian
 */
record VhdxHeader(long position, ByteBuffer structure) {
  /** Where the first header lies. */
  static final long FIRST = 64 << 10;

  /** Where the second header lies. */
  static final long SECOND = 128 << 10;

  /** The length of a header. */
  static final int BYTES = 4096;

  /** The unit of all positions and lengths of objects in the file: 1 MiB. */
  static final int UNIT_BYTES = 1 << 20;

  private static final int SIGNATURE = 0x64616568;
  private static final int VERSION = 1;
  private static final UUID NO_LOG = new UUID(0, 0);

  private static final int SEQUENCE_NUMBER_AT = 8;
  private static final int LOG_GUID_AT = 48;
  private static final int LOG_VERSION_AT = 64;
  private static final int VERSION_AT = 66;
  private static final int LOG_LENGTH_AT = 68;
  private static final int LOG_OFFSET_AT = 72;

  /** Reads and checks the current header. */
  static VhdxHeader read(ByteSource file) throws IOException {
    var header =
        current(
                file.read(FIRST, BYTES, ByteOrder.LITTLE_ENDIAN),
                file.read(SECOND, BYTES, ByteOrder.LITTLE_ENDIAN))
            .orElseThrow(
                () ->
                    new InvalidImageException(
                        "is corrupt: neither the header at offset %d nor that at %d is current"
                            .formatted(FIRST, SECOND)));
    header.requireVersion();
    header.requireLog();
    return header;
  }

  /**
   * The header that counts, of two little-endian ones; empty if there is none. Some tools write the
   * same header twice.
   */
  static Optional<VhdxHeader> current(ByteBuffer first, ByteBuffer second) {
    var valid = valid(FIRST, first);
    var other = valid(SECOND, second);
    if (valid.isEmpty() || other.isEmpty()) {
      return valid.or(() -> other);
    }
    int order = Long.compareUnsigned(valid.get().sequenceNumber(), other.get().sequenceNumber());
    if (order == 0) {
      return valid.filter(header -> first.equals(second));
    }
    return order > 0 ? valid : other;
  }

  private static Optional<VhdxHeader> valid(long position, ByteBuffer structure) {
    boolean isValid =
        structure.limit() == BYTES
            && structure.getInt(0) == SIGNATURE
            && Checksum.isRight(structure);
    return isValid ? Optional.of(new VhdxHeader(position, structure)) : Optional.empty();
  }

  private void requireVersion() throws InvalidImageException {
    int version = Short.toUnsignedInt(structure.getShort(VERSION_AT));
    if (version != VERSION) {
      throw field("Version", VERSION_AT, "%d is not supported".formatted(version));
    }
    int logVersion = Short.toUnsignedInt(structure.getShort(LOG_VERSION_AT));
    if (hasLog() && logVersion != 0) {
      throw field(
          "LogVersion",
          LOG_VERSION_AT,
          "a log of version %d is not supported".formatted(logVersion));
    }
  }

  private void requireLog() throws InvalidImageException {
    if (logBytes() % UNIT_BYTES != 0) {
      throw field("LogLength", LOG_LENGTH_AT, logBytes() + " is not a multiple of 1 MiB");
    }
    if ((hasLog() || logBytes() > 0) && !FileRegion.isPossible(logOffset(), logBytes())) {
      throw field("LogOffset", LOG_OFFSET_AT, logOffset() + " is not a possible position");
    }
  }

  private InvalidImageException field(String name, int at, String fault) {
    return InvalidImageException.inField(name, position + at, fault);
  }

  private long sequenceNumber() {
    return structure.getLong(SEQUENCE_NUMBER_AT);
  }

  /** Whether the file was not closed cleanly: its log must be replayed. */
  boolean hasLog() {
    return !logGuid().equals(NO_LOG);
  }

  /** What the valid entries of the log bear. */
  UUID logGuid() {
    return TableEntry.guid(structure, LOG_GUID_AT);
  }

  /** Where the log begins in the file. */
  long logOffset() {
    return structure.getLong(LOG_OFFSET_AT);
  }

  /** The length of the log. */
  long logBytes() {
    return Integer.toUnsignedLong(structure.getInt(LOG_LENGTH_AT));
  }
}
