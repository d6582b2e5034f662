package io.vitrine.format.qcow2;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.mapped.ClaimedSpace;
import io.vitrine.format.mapped.MappedDisk;
import io.vitrine.format.mapped.Stored;
import io.vitrine.format.mapped.Stored.Place;
import io.vitrine.format.mapped.TableRange;
import io.vitrine.format.probe.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The disk in a QCOW2 image, versions 2 and 3, as it is now: internal snapshots are left out. Of
 * reference counts nothing is used, so that images that were not closed can be read.
 */
public final class Qcow2Disk extends MappedDisk {
  /** The least length of an entry in the table of snapshots. */
  private static final int MIN_SNAPSHOT_BYTES = 40;

  private final Qcow2Header header;
  private final L2Layout layout;
  private final L1Table l1;
  private final L2Cache tables;
  private final CompressedClusters compressed;
  private final ClaimedSpace metadata;

  private Qcow2Disk(ByteSource file, Qcow2Header header, L1Table l1) throws IOException {
    super(file, header.sizeBytes(), header.layout().unitBytes());
    this.header = header;
    this.layout = header.layout();
    this.l1 = l1;
    this.tables = new L2Cache(file, layout);
    this.compressed = new CompressedClusters(file, header.compressionType());
    this.metadata = claimMetadata();
  }

  /**
   * Opens the disk. Waits for the L1 table of an arriving file, which usually is in front.
   *
   * @throws InvalidImageException if the image is malformed, encrypted, or not of one file only
   */
  public static BlockSource open(ByteSource file) throws IOException {
    var header = new Qcow2Header(start(file, Qcow2Header.BYTES));
    if (!header.hasMagic()) {
      throw InvalidImageException.inField("magic", 0, "it is not that of QCOW2");
    }
    requireNone(Qcow2HeaderRules.violations(header));
    if (header.cryptMethod() != 0) {
      throw new InvalidImageException("is encrypted, which is not supported");
    }
    var area = start(file, Qcow2Extensions.areaBytes(header));
    requireNone(Qcow2Extensions.violations(header, area));
    return new Qcow2Disk(file, header, L1Table.read(file, header));
  }

  private static byte[] start(ByteSource file, int lengthBytes) throws IOException {
    var start = new byte[lengthBytes];
    file.read(0, ByteBuffer.wrap(start));
    return start;
  }

  private static void requireNone(List<Violation> violations) throws InvalidImageException {
    if (!violations.isEmpty()) {
      throw new InvalidImageException(violations.getFirst().reason());
    }
  }

  /** Blocks of reference counts are not among it: they may arrive late, and only qemu uses them. */
  private ClaimedSpace claimMetadata() throws IOException {
    var space = new ClaimedSpace(layout.unitBytes());
    space.claim("the header", 0, layout.clusterBytes());
    space.claim("the L1 table", header.l1Offset(), header.l1Size() * Long.BYTES);
    space.claim("the refcount table", header.refcountTableOffset(), header.refcountTableBytes());
    space.claim(
        "the snapshot table", header.snapshotsOffset(), header.snapshots() * MIN_SNAPSHOT_BYTES);
    l1.claimTables(space, file());
    return space;
  }

  @Override
  protected Stored find(long offset) throws IOException {
    int index = (int) (offset / layout.spanBytes());
    long start = index * layout.spanBytes();
    long table = l1.l2Position(index);
    return table == 0
        ? new Stored(start, layout.spanBytes(), Stored.HOLE)
        : tables.get(table).find(start, (int) ((offset - start) >> layout.unitBits()));
  }

  @Override
  protected List<TableRange> tables() throws IOException {
    return l1.tables();
  }

  @Override
  protected ClaimedSpace metadata() {
    return metadata;
  }

  @Override
  protected void inflate(Stored range, Place.Compressed place, ByteBuffer target)
      throws IOException {
    compressed.inflate(place, target);
  }

  @Override
  public String remarks() {
    long snapshots = header.snapshots();
    return snapshots == 0
        ? ""
        : snapshots == 1 ? "1 internal snapshot" : snapshots + " internal snapshots";
  }

  @Override
  public void close() throws IOException {
    compressed.close();
    super.close();
  }
}
