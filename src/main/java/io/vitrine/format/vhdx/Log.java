package io.vitrine.format.vhdx;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The log of a file that was not closed cleanly, and its active sequence (MS-VHDX 2.3.3). */
final class Log {
  /** Hyper-V and QEMU make logs of 1 MiB. */
  private static final int MAX_BYTES = 16 << 20;

  private final LogRing ring;
  private final UUID guid;
  private final Map<Integer, Optional<LogEntry>> entries = new HashMap<>();

  private Log(LogRing ring, UUID guid) {
    this.ring = ring;
    this.guid = guid;
  }

  /** The file as it would be after its log was replayed; the file itself stays as it is. */
  static ByteSource replay(ByteSource file, VhdxHeader header) throws IOException {
    if (header.logBytes() > MAX_BYTES) {
      throw refusal(
          header, "it has %d bytes, more than %d".formatted(header.logBytes(), MAX_BYTES));
    }
    var sequence = new Log(new LogRing(read(file, header)), header.logGuid()).activeSequence();
    if (sequence.isEmpty()) {
      throw refusal(header, "it has no complete sequence of valid entries");
    }
    // Writers name a log in the header for the sake of its first write: what happened to this one?
    if (sequence.stream().allMatch(LogEntry::isEmpty)) {
      throw refusal(header, "its entries write nothing");
    }
    requireBytes(file, sequence.getLast().neededFileBytes());
    var replayed = new ReplayedSource(file);
    sequence.forEach(entry -> entry.replay(replayed));
    return replayed;
  }

  private static ByteBuffer read(ByteSource file, VhdxHeader header) throws IOException {
    return file.read(header.logOffset(), (int) header.logBytes(), ByteOrder.LITTLE_ENDIAN);
  }

  private static InvalidImageException refusal(VhdxHeader header, String reason) {
    return new InvalidImageException(
        "has a log at offset %d that cannot be replayed: %s".formatted(header.logOffset(), reason));
  }

  /** Reads the last byte of those that must be there, since that need not wait for the end. */
  private static void requireBytes(ByteSource file, long lengthBytes) throws IOException {
    if (lengthBytes > 0) {
      file.read(lengthBytes - 1, ByteBuffer.allocate(1));
    }
  }

  /** The newest complete sequence, from the tail to the head; empty if there is none. */
  private List<LogEntry> activeSequence() {
    List<LogEntry> newest = List.of();
    int next;
    for (int at = 0; at < ring.sizeBytes(); at = next) {
      var chain = chain(at);
      var sequence = complete(chain);
      next = at + (sequence.isEmpty() ? LogRing.SECTOR_BYTES : lengthBytes(chain));
      if (isNewer(sequence, newest)) {
        newest = sequence;
      }
    }
    return newest;
  }

  /** The entries that lie one after the other, each with the next sequence number. */
  private List<LogEntry> chain(int start) {
    var chain = new ArrayList<LogEntry>();
    int lengthBytes = 0;
    var next = entry(start);
    while (next.isPresent() && lengthBytes + next.get().lengthBytes() <= ring.sizeBytes()) {
      var entry = next.get();
      chain.add(entry);
      lengthBytes += entry.lengthBytes();
      next =
          entry((start + lengthBytes) % ring.sizeBytes())
              .filter(other -> other.sequenceNumber() == entry.sequenceNumber() + 1);
    }
    return chain;
  }

  private Optional<LogEntry> entry(int at) {
    return entries.computeIfAbsent(at, key -> LogEntry.parse(ring, key, guid));
  }

  /**
   * The part of a chain from the tail that its last entry names; empty if that is not in it.
   * Earlier entries are already in the file, which may have changed since without the log.
   */
  private static List<LogEntry> complete(List<LogEntry> chain) {
    for (int i = 0; i < chain.size(); i++) {
      if (chain.get(i).at() == chain.getLast().tail()) {
        return chain.subList(i, chain.size());
      }
    }
    return List.of();
  }

  private static boolean isNewer(List<LogEntry> sequence, List<LogEntry> other) {
    return !sequence.isEmpty()
        && (other.isEmpty()
            || Long.compareUnsigned(
                    sequence.getLast().sequenceNumber(), other.getLast().sequenceNumber())
                > 0);
  }

  private static int lengthBytes(List<LogEntry> chain) {
    return chain.stream().mapToInt(LogEntry::lengthBytes).sum();
  }
}
