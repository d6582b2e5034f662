package io.vitrine.format.vmdk;

import io.vitrine.format.probe.Checks;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import io.vitrine.format.probe.TextCapture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * VMDK: a sparse extent that embeds its descriptor, or a descriptor alone, which names other files
 * and is therefore refused (CVE-2022-47951). Whatever the subformat, only text that qemu reads the
 * same way is accepted.
 */
public final class VmdkProbe implements Probe {
  private static final byte[] SPARSE_MAGIC = {'K', 'D', 'M', 'V'};
  private static final byte[] ESX_SPARSE_MAGIC = {'C', 'O', 'W', 'D'};

  private static final int VERSION = 4;
  private static final int CAPACITY_SECTORS = 12;
  private static final int DESCRIPTOR_SECTOR = 28;
  private static final int DESCRIPTOR_SECTORS = 36;
  private static final int REDUNDANT_GRAIN_DIRECTORY = 48;
  private static final int GRAIN_DIRECTORY = 56;

  private static final long AT_END = -1;
  private static final int SECTOR_BYTES = 512;
  private static final int MARKER_BYTES = 16;
  private static final int FOOTER_MARKER = 3;
  private static final int END_MARKER = 0;

  /** The most that qemu reads of a descriptor. */
  private static final int DESCRIPTOR_LIMIT_BYTES = 1024 * 1024;

  private final Region head;
  private final TextCapture textFile;
  private final TextCapture embedded;

  /** Recognises the format in a stream with this head. */
  public VmdkProbe(Region head) {
    this.head = head;
    textFile = new TextCapture(head, DESCRIPTOR_LIMIT_BYTES);
    embedded = new TextCapture(new Region(SECTOR_BYTES, SECTOR_BYTES), DESCRIPTOR_LIMIT_BYTES);
  }

  @Override
  public List<Region> next() {
    return head.has(0, SPARSE_MAGIC) ? embedded.next() : textFile.next();
  }

  @Override
  public Optional<DetectedFormat> conclude(long sizeBytes, Tail tail) {
    if (head.has(0, SPARSE_MAGIC)) {
      return head.isComplete() ? sparse(sizeBytes, tail) : Checks.truncated(ContentFormat.VMDK);
    }
    if (head.has(0, ESX_SPARSE_MAGIC)) {
      return new Checks(ContentFormat.VMDK)
          .refuse("create_type", "is a VMDK extent of an ESX host; export it as streamOptimized")
          .unknownSize();
    }
    var text = textFile.text().toLowerCase(Locale.ROOT);
    return text.startsWith("# disk descriptorfile") || text.contains("createtype=\"")
        ? new Checks(ContentFormat.VMDK)
            .refuse("descriptor", "is a VMDK descriptor that names other files")
            .unknownSize()
        : Optional.empty();
  }

  private Optional<DetectedFormat> sparse(long sizeBytes, Tail tail) {
    var header = head.read(ByteOrder.LITTLE_ENDIAN);
    var version = header.getInt(VERSION);
    var capacity = header.getLong(CAPACITY_SECTORS);
    var checks = new Checks(ContentFormat.VMDK);
    checks
        .refuseIf(version < 1 || version > 3, "version", "has an unknown version of VMDK")
        // qemu treats a file whose header has no capacity as a descriptor, whatever its extents.
        .refuseHeaderIf(capacity == 0, "has a VMDK header without capacity");
    var descriptor = new VmdkDescriptor(embedded.text());
    if (hasDescriptor(header)) {
      descriptor.check(checks);
    } else {
      checks.refuse("descriptor", "has no VMDK descriptor where it must be");
    }
    if (header.getLong(GRAIN_DIRECTORY) == AT_END) {
      // qemu rounds the length up to whole sectors before it looks for the footer.
      checks.refuseIf(sizeBytes % SECTOR_BYTES != 0, "footer", "does not end with a whole sector");
      checkFooter(header, tail, checks);
    }
    return checks.size(Checks.sectors(capacity), descriptor.createType());
  }

  /** Whether the text starts in the sector after the header and has the length stated there. */
  private boolean hasDescriptor(ByteBuffer header) {
    var sectors = header.getLong(DESCRIPTOR_SECTORS);
    return header.getLong(DESCRIPTOR_SECTOR) == 1
        && sectors > 0
        && sectors <= DESCRIPTOR_LIMIT_BYTES / SECTOR_BYTES
        && embedded.text().length() < sectors * SECTOR_BYTES;
  }

  /** A footer replaces the header, so it must say the same. */
  private static void checkFooter(ByteBuffer header, Tail tail, Checks checks) {
    var end = ByteBuffer.wrap(tail.last(3 * SECTOR_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    if (end.limit() < 3 * SECTOR_BYTES) {
      checks.refuse("footer", "ends before its VMDK footer");
      return;
    }
    var footer = end.slice(SECTOR_BYTES, SECTOR_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    var agrees =
        header
            .slice(0, REDUNDANT_GRAIN_DIRECTORY)
            .equals(footer.slice(0, REDUNDANT_GRAIN_DIRECTORY));
    checks
        .refuseIf(
            !isMarker(end.slice(0, SECTOR_BYTES), FOOTER_MARKER)
                || !isMarker(end.slice(2 * SECTOR_BYTES, SECTOR_BYTES), END_MARKER),
            "footer",
            "does not end with the markers of a streamOptimized VMDK; it may be cut off")
        .refuseIf(
            !agrees || footer.getLong(GRAIN_DIRECTORY) == AT_END,
            "footer",
            "has a VMDK footer that contradicts its header");
  }

  /** A marker without data: value (any), size 0, type, zeros. */
  private static boolean isMarker(ByteBuffer sector, int type) {
    var marker = sector.order(ByteOrder.LITTLE_ENDIAN);
    var padding = marker.slice(MARKER_BYTES, SECTOR_BYTES - MARKER_BYTES);
    return marker.getInt(8) == 0
        && marker.getInt(12) == type
        && padding.equals(ByteBuffer.allocate(padding.limit()));
  }
}
