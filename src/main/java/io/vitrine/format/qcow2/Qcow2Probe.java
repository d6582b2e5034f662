package io.vitrine.format.qcow2;

import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.probe.Checks;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import io.vitrine.format.probe.Violation;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * QCOW2, versions 2 and 3 (qemu's docs/interop/qcow2.rst). The file must be self-contained: no
 * backing file (CVE-2014-5163) and no external data file (CVE-2024-32498). It must not be cut off,
 * as far as tables tell that come after those that point to them.
 */
public final class Qcow2Probe implements Probe {
  /** Enough for 64 TiB in clusters of 64 KiB; what is behind is not followed. */
  private static final int MAX_L1_BYTES = 1 << 20;

  private final Region head;
  private Region rest = new Region(HEAD_BYTES, 0);
  private Supplier<Optional<Region>> step = this::extensions;
  private long neededBytes;

  /** Recognises the format in a stream with this head. */
  public Qcow2Probe(Region head) {
    this.head = head;
  }

  @Override
  public List<Region> next() {
    return head.has(0, Qcow2Header.MAGIC) ? step.get().stream().toList() : List.of();
  }

  private Optional<Region> extensions() {
    var header = header();
    if (!isStructured(Qcow2HeaderRules.violations(header))) {
      return end();
    }
    step = () -> l1(header);
    rest = new Region(HEAD_BYTES, Qcow2Extensions.areaBytes(header) - HEAD_BYTES);
    return rest.isComplete() ? step.get() : Optional.of(rest);
  }

  private Optional<Region> l1(Qcow2Header header) {
    if (header.l1SizeOfDisk() == 0) {
      return end();
    }
    long length = Math.min(MAX_L1_BYTES, header.l1SizeOfDisk() * Long.BYTES);
    var l1 = new Region(header.l1Offset(), (int) length);
    step = () -> l2(new L2Walk(header, l1));
    return Optional.of(l1);
  }

  private Optional<Region> l2(L2Walk walk) {
    step = () -> l2(walk);
    var region = walk.next();
    neededBytes = Math.max(neededBytes, walk.neededBytes());
    return region;
  }

  private Optional<Region> end() {
    step = Optional::empty;
    return Optional.empty();
  }

  @Override
  public Optional<DetectedFormat> conclude(long sizeBytes, Tail tail) {
    if (!head.has(0, Qcow2Header.MAGIC)) {
      return Optional.empty();
    }
    if (!head.isComplete()) {
      return Checks.truncated(ContentFormat.QCOW2);
    }
    var header = header();
    var checks = new Checks(ContentFormat.QCOW2);
    var violations = Qcow2HeaderRules.violations(header);
    violations.forEach(violation -> checks.refuse(violation.check(), violation.reason()));
    if (isStructured(violations)) {
      Qcow2Extensions.violations(header, headerArea())
          .forEach(violation -> checks.refuse(violation.check(), violation.reason()));
      requireWhole(Math.max(neededBytes, header.tablesEnd()), sizeBytes, checks);
    }
    return header.sizeBytes() < 0 || !header.isKnownVersion()
        ? checks.unknownSize()
        : checks.size(header.sizeBytes());
  }

  /** Whether the positions and lengths in the header can be used, whatever else is wrong. */
  private static boolean isStructured(List<Violation> violations) {
    return violations.stream()
        .map(Violation::check)
        .noneMatch(Set.of("structure", "unknown_features")::contains);
  }

  private static void requireWhole(long neededBytes, long sizeBytes, Checks checks) {
    checks.refuseHeaderIf(
        neededBytes > sizeBytes,
        String.valueOf(InvalidImageException.cutOff(neededBytes, sizeBytes).getMessage()));
  }

  private Qcow2Header header() {
    return new Qcow2Header(head.captured());
  }

  private byte[] headerArea() {
    var area = new ByteArrayOutputStream();
    area.writeBytes(head.captured());
    area.writeBytes(rest.captured());
    return area.toByteArray();
  }
}
