package io.vitrine.format.vmdk;

import static io.vitrine.format.vmdk.SparseHeader.SECTOR_BYTES;

import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.probe.Checks;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import io.vitrine.format.probe.TextCapture;
import io.vitrine.format.probe.Violation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * VMDK: a sparse extent that embeds its descriptor, or a descriptor alone, which names other files
 * and is therefore refused (CVE-2022-47951). Whatever the subformat, only text that qemu reads the
 * same way is accepted.
 */
public final class VmdkProbe implements Probe {
  private static final byte[] SPARSE_MAGIC = {'K', 'D', 'M', 'V'};
  private static final byte[] ESX_SPARSE_MAGIC = {'C', 'O', 'W', 'D'};

  /** Why extents of VMFS are refused. */
  static final String ESX_EXTENT = "is a VMDK extent of an ESX host; export it as streamOptimized";

  private static final int DESCRIPTOR_LIMIT_BYTES =
      SparseHeader.MAX_DESCRIPTOR_SECTORS * SECTOR_BYTES;

  private final Region head;
  private final TextCapture textFile;
  private final TextCapture embedded;
  private Region captured;
  private @Nullable LastGrain lastGrain;

  /** Recognises the format in a stream with this head. */
  public VmdkProbe(Region head) {
    this.head = head;
    captured = head;
    textFile = new TextCapture(head, DESCRIPTOR_LIMIT_BYTES);
    embedded = new TextCapture(new Region(SECTOR_BYTES, SECTOR_BYTES), DESCRIPTOR_LIMIT_BYTES);
  }

  @Override
  public List<Region> next() {
    if (!head.has(0, SPARSE_MAGIC)) {
      return textFile.next();
    }
    var regions = lastGrain == null ? embedded.next() : lastGrain.next();
    if (regions.isEmpty() && lastGrain == null) {
      lastGrain = lastGrain(captured.wanted());
      regions = lastGrain == null ? List.of() : lastGrain.next();
    }
    captured = regions.isEmpty() ? captured : regions.getFirst();
    return regions;
  }

  /** Absent if the header is unsound, or only the end of the file tells where the tables are. */
  private @Nullable LastGrain lastGrain(long from) {
    var header = SparseHeader.parse(head.read(ByteOrder.LITTLE_ENDIAN));
    return header.isDirectoryAtEnd() || fault(header).isPresent()
        ? null
        : new LastGrain(header, from);
  }

  @Override
  public Optional<DetectedFormat> conclude(long sizeBytes, Tail tail) {
    if (head.has(0, SPARSE_MAGIC)) {
      return head.isComplete() ? sparse(sizeBytes, tail) : Checks.truncated(ContentFormat.VMDK);
    }
    if (head.has(0, ESX_SPARSE_MAGIC)) {
      return new Checks(ContentFormat.VMDK).refuse("create_type", ESX_EXTENT).unknownSize();
    }
    var text = textFile.text().toLowerCase(Locale.ROOT);
    return text.startsWith(VmdkDescriptor.START) || text.contains("createtype=\"")
        ? new Checks(ContentFormat.VMDK).refuse("descriptor", VmdkDescriptor.ALONE).unknownSize()
        : Optional.empty();
  }

  private Optional<DetectedFormat> sparse(long sizeBytes, Tail tail) {
    var header = SparseHeader.parse(head.read(ByteOrder.LITTLE_ENDIAN));
    var checks = new Checks(ContentFormat.VMDK);
    var descriptor = new VmdkDescriptor(embedded.text());
    if (hasDescriptor(header)) {
      descriptor.check(checks);
    } else {
      checks.refuse("descriptor", VmdkDescriptor.MISSING);
    }
    fault(header)
        .ifPresentOrElse(
            fault -> checks.refuse(fault.check(), fault.reason()),
            () -> checkEnd(header, sizeBytes, tail, checks));
    return checks.size(Checks.sectors(header.capacity()), descriptor.createType());
  }

  private static Optional<Violation> fault(SparseHeader header) {
    if (header.version() < 1 || header.version() > 3) {
      return Optional.of(new Violation("version", "has an unknown version of VMDK"));
    }
    if (header.capacity() == 0) {
      // qemu treats a file whose header has no capacity as a descriptor, whatever its extents.
      return Optional.of(new Violation("structure", "has a VMDK header without capacity"));
    }
    try {
      header.check(0);
      return Optional.empty();
    } catch (InvalidImageException malformed) {
      return Optional.of(new Violation("structure", reason(malformed)));
    }
  }

  private static String reason(InvalidImageException malformed) {
    return Objects.requireNonNull(malformed.getMessage());
  }

  /** Whether the text starts in the sector after the header and has the length stated there. */
  private boolean hasDescriptor(SparseHeader header) {
    return header.hasDescriptor()
        && embedded.text().length() < header.descriptorSectors() * SECTOR_BYTES;
  }

  private void checkEnd(SparseHeader header, long sizeBytes, Tail tail, Checks checks) {
    if (header.isDirectoryAtEnd()) {
      checkFooter(header, sizeBytes, tail, checks);
    } else {
      var last = lastGrain == null ? new LastGrain(header, Long.MAX_VALUE) : lastGrain;
      checkLength(last.neededBytes(), sizeBytes, checks);
    }
  }

  private static void checkFooter(SparseHeader header, long sizeBytes, Tail tail, Checks checks) {
    var end = ByteBuffer.wrap(tail.last(SparseFooter.BYTES));
    try {
      var footer = SparseFooter.parse(header, end, sizeBytes);
      footer.check(sizeBytes - 2 * SECTOR_BYTES);
      checkLength(new LastGrain(footer, Long.MAX_VALUE).neededBytes(), sizeBytes, checks);
    } catch (InvalidImageException malformed) {
      checks.refuse("footer", reason(malformed));
    }
  }

  private static void checkLength(long neededBytes, long sizeBytes, Checks checks) {
    checks.refuseHeaderIf(
        neededBytes > sizeBytes, reason(InvalidImageException.cutOff(neededBytes, sizeBytes)));
  }
}
