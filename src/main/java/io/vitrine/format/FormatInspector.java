package io.vitrine.format;

import io.vitrine.format.content.GptProbe;
import io.vitrine.format.content.IsoProbe;
import io.vitrine.format.content.LuksProbe;
import io.vitrine.format.content.QedProbe;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import io.vitrine.format.qcow2.Qcow2Probe;
import io.vitrine.format.vdi.VdiProbe;
import io.vitrine.format.vhd.VhdProbe;
import io.vitrine.format.vhdx.VhdxProbe;
import io.vitrine.format.vmdk.VmdkProbe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Recognises the format of a stream as it passes, in chunks of any size. It buffers only the
 * structures it needs: usually some KiB, at most 2 MiB for unterminated text. After them it copies
 * only the end of each chunk. Not safe for concurrent use.
 */
public final class FormatInspector {
  /** A streamOptimized VMDK ends with a marker, the footer and another marker of 512 bytes each. */
  private static final int TAIL_BYTES = 1536;

  private static final int READ_BYTES = 64 << 10;

  private final Region head = new Region(0, Probe.HEAD_BYTES);
  private final Tail tail = new Tail(TAIL_BYTES);
  private final List<Track> tracks =
      Stream.of(
              new Qcow2Probe(head),
              new VhdProbe(head),
              new VhdxProbe(head),
              new VmdkProbe(head),
              new VdiProbe(head),
              new IsoProbe(),
              new GptProbe(head),
              new LuksProbe(head),
              new QedProbe(head))
          .map(probe -> new Track(probe, head))
          .toList();

  private long position;
  private long wanted;

  /** Starts at the first byte of a stream. */
  public FormatInspector() {}

  /** Inspects a file, reading only what it needs. Blocks. */
  public static Inspection inspect(FileChannel file) throws IOException {
    var inspector = new FormatInspector();
    var buffer = ByteBuffer.allocate(READ_BYTES);
    long tailAt = Math.max(0, file.size() - TAIL_BYTES);
    while (file.read(buffer.clear(), inspector.position) >= 0) {
      inspector.update(buffer.flip());
      inspector.skip(Math.min(inspector.wanted, tailAt));
    }
    return inspector.finish();
  }

  /** Inspects the next bytes, from the buffer's position to its limit, and moves neither. */
  public void update(ByteBuffer bytes) {
    if (position + bytes.remaining() > wanted) {
      head.offer(position, bytes);
      tracks.forEach(track -> track.offer(position, bytes));
      wanted = tracks.stream().mapToLong(Track::wanted).min().orElse(Long.MAX_VALUE);
    }
    tail.offer(bytes);
    position += bytes.remaining();
  }

  /** Skips to a later position, provided that nothing before it is needed. */
  private void skip(long to) {
    long skipped = Math.max(0, to - position);
    tail.skip(skipped);
    position += skipped;
  }

  /** The result, after the last byte. */
  public Inspection finish() {
    var findings =
        tracks.stream()
            .map(track -> track.probe.conclude(position, tail))
            .flatMap(Optional::stream)
            .toList();
    return new Inspection(position, findings.isEmpty() ? List.of(raw()) : findings);
  }

  private DetectedFormat raw() {
    return new DetectedFormat(ContentFormat.RAW, "", OptionalLong.of(position), List.of());
  }

  /** A probe and the regions it is waiting for. */
  private static final class Track {
    private final Probe probe;
    private List<Region> awaited;

    Track(Probe probe, Region head) {
      this.probe = probe;
      awaited = List.of(head);
    }

    void offer(long position, ByteBuffer chunk) {
      while (!awaited.isEmpty()) {
        awaited.forEach(region -> region.offer(position, chunk));
        if (!awaited.stream().allMatch(Region::isComplete)) {
          return;
        }
        awaited = probe.next();
      }
    }

    long wanted() {
      return awaited.stream()
          .filter(region -> !region.isComplete())
          .mapToLong(Region::wanted)
          .min()
          .orElse(Long.MAX_VALUE);
    }
  }
}
