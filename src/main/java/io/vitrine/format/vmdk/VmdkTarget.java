package io.vitrine.format.vmdk;

import static io.vitrine.format.vmdk.SparseHeader.SECTOR_BYTES;

import io.vitrine.format.block.BlockTarget;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.TargetFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes a streamOptimized VMDK from start to end, without going back (VMware's Virtual Disk Format
 * 5.0, Stream-Optimized Compressed): grains by ascending offset, each table after its grains, and
 * the grain directory and a footer at the end. Memory: a table, and 4 bytes for each 32 MiB of the
 * disk. Grains of zeros are not written.
 */
public final class VmdkTarget implements BlockTarget {
  private static final int VERSION = 3;
  private static final int GRAIN_SECTORS = 128;
  private static final int GRAIN_BYTES = GRAIN_SECTORS * SECTOR_BYTES;
  private static final int DESCRIPTOR_SECTORS = 20;
  private static final int OVERHEAD_SECTORS = 128;
  private static final int TABLE_ENTRIES = SparseHeader.MAX_TABLE_ENTRIES;
  private static final long MAX_BYTES =
      (long) SparseHeader.MAX_TABLES * TABLE_ENTRIES * GRAIN_BYTES;
  private static final long MAX_SECTOR = 0xffff_ffffL;
  private static final ByteBuffer ZEROS = ByteBuffer.allocate(GRAIN_BYTES).asReadOnlyBuffer();

  private final TargetFile file;
  private final long sizeBytes;
  private final SparseHeader header;
  private final GrainDeflation deflation = new GrainDeflation(GRAIN_BYTES);
  private final int[] directory;
  private final int[] table = new int[TABLE_ENTRIES];
  private long lastGrain = -1;
  private long sector;

  private VmdkTarget(TargetFile file, long sizeBytes) {
    this.file = file;
    this.sizeBytes = sizeBytes;
    header =
        new SparseHeader(
            VERSION,
            SparseHeader.HAS_LINE_ENDS | SparseHeader.COMPRESSED | SparseHeader.HAS_MARKERS,
            Math.ceilDiv(sizeBytes, SECTOR_BYTES),
            GRAIN_SECTORS,
            1,
            DESCRIPTOR_SECTORS,
            TABLE_ENTRIES,
            0,
            SparseHeader.AT_END,
            OVERHEAD_SECTORS,
            SparseHeader.LINE_ENDS,
            SparseHeader.DEFLATE);
    directory = new int[header.tables()];
  }

  /**
   * Begins a file, in the place of one that may be there.
   *
   * @param sizeBytes of the disk, from 1 to 32 TiB; rounded up to whole sectors, as qemu does
   * @throws InvalidImageException if the format cannot have a disk of this size
   */
  public static BlockTarget create(Path path, long sizeBytes) throws IOException {
    if (sizeBytes <= 0 || sizeBytes > MAX_BYTES) {
      throw new InvalidImageException(
          "cannot be a VMDK: a disk of %d bytes is not between 1 and %d"
              .formatted(sizeBytes, MAX_BYTES));
    }
    var target = new VmdkTarget(TargetFile.create(path), sizeBytes);
    try {
      target.begin();
    } catch (IOException broken) {
      target.close();
      throw broken;
    }
    return target;
  }

  private void begin() throws IOException {
    // Not ffffffff and fffffffe, which say more than that the content is new.
    int contentId = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
    var text = VmdkDescriptor.streamOptimized(header.capacity(), contentId);
    append(header.toSector());
    append(
        ByteBuffer.allocate((OVERHEAD_SECTORS - 1) * SECTOR_BYTES)
            .put(0, text.getBytes(StandardCharsets.US_ASCII)));
  }

  @Override
  public int unitBytes() {
    return GRAIN_BYTES;
  }

  @Override
  public boolean isOrdered() {
    return true;
  }

  @Override
  public PreparedUnit prepare(long offset, ByteBuffer data) {
    Objects.checkFromIndexSize(offset, data.remaining(), sizeBytes);
    if (offset % GRAIN_BYTES != 0
        || data.remaining() != Math.min(GRAIN_BYTES, sizeBytes - offset)) {
      throw new IllegalArgumentException(
          "%d bytes at %d are no grain".formatted(data.remaining(), offset));
    }
    if (data.equals(ZEROS.slice(0, data.remaining()))) {
      return () -> {};
    }
    var grain = deflation.deflate(offset, data);
    return () -> write(offset / GRAIN_BYTES, grain);
  }

  private synchronized void write(long grain, ByteBuffer stored) throws IOException {
    if (grain <= lastGrain) {
      throw new IllegalStateException("grain %d comes after grain %d".formatted(grain, lastGrain));
    }
    if (grain / TABLE_ENTRIES != lastGrain / TABLE_ENTRIES) {
      endTable();
    }
    lastGrain = grain;
    table[(int) (grain % TABLE_ENTRIES)] = place();
    append(stored);
  }

  /** The current sector, as tables have it. */
  private int place() throws InvalidImageException {
    if (sector > MAX_SECTOR) {
      throw new InvalidImageException("cannot be a VMDK: its data needs more than 2 TiB");
    }
    return (int) sector;
  }

  /** Writes the table of the grains that were written last. */
  private void endTable() throws IOException {
    if (lastGrain >= 0) {
      int bytes = TABLE_ENTRIES * Integer.BYTES;
      append(Marker.announcing(Marker.GRAIN_TABLE, bytes / SECTOR_BYTES));
      directory[(int) (lastGrain / TABLE_ENTRIES)] = place();
      append(toSectors(table));
      Arrays.fill(table, 0);
    }
  }

  @Override
  public synchronized void finish() throws IOException {
    endTable();
    var stored = toSectors(directory);
    append(Marker.announcing(Marker.GRAIN_DIRECTORY, stored.limit() / SECTOR_BYTES));
    var footer = header.withDirectory(Integer.toUnsignedLong(place()));
    append(stored);
    append(Marker.announcing(Marker.FOOTER, 1));
    append(footer.toSector());
    append(Marker.announcing(Marker.END_OF_STREAM, 0));
  }

  private static ByteBuffer toSectors(int[] entries) {
    int sectors = Math.ceilDiv(entries.length * Integer.BYTES, SECTOR_BYTES);
    var bytes = ByteBuffer.allocate(sectors * SECTOR_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(entries);
    return bytes;
  }

  /** Appends whole sectors. */
  private void append(ByteBuffer sectors) throws IOException {
    long position = sector * SECTOR_BYTES;
    sector += sectors.remaining() / SECTOR_BYTES;
    file.write(position, sectors);
  }

  @Override
  public void close() throws IOException {
    deflation.close();
    file.close();
  }
}
