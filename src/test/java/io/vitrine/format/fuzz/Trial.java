package io.vitrine.format.fuzz;

import static io.vitrine.format.fuzz.Memory.bounded;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.DiskFormats;
import io.vitrine.format.FormatInspector;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.Extent;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Does with a file all that the program does with one. It must succeed or be refused, with bounded
 * memory and work, whatever the file says.
 */
final class Trial {
  /** The most memory that any one step may take. */
  private static final long MAX_MEMORY_BYTES = 64 << 20;

  private static final int MAX_EXTENTS = 1000;
  private static final int MAX_PIECE_READ_BYTES = 64 << 10;

  private final String diskFormat;
  private final WatchedFile file;

  private Trial(String diskFormat, WatchedFile file) {
    this.diskFormat = diskFormat;
    this.file = file;
  }

  /** Tries a file that is declared as of the format; whether it was read to its end. */
  static boolean run(String diskFormat, WatchedFile file) throws IOException {
    var trial = new Trial(diskFormat, file);
    bounded(MAX_MEMORY_BYTES + 4 * file.sizeBytes(), trial::inspect);
    boolean isSound = trial.isRead();
    assertThat(file.isClosed()).isTrue();
    return isSound;
  }

  private boolean isRead() throws IOException {
    try {
      open();
      return true;
    } catch (InvalidImageException refused) {
      assertThat(refused.getMessage()).isNotBlank();
      return false;
    }
  }

  private boolean inspect() {
    var inspector = new FormatInspector();
    file.forEachChunk(inspector::update);
    return inspector.finish().content().isPresent();
  }

  private void open() throws IOException {
    try (var disk = bounded(MAX_MEMORY_BYTES, () -> DiskFormats.open(diskFormat, file))) {
      assertThat(disk.sizeBytes()).isNotNegative();
      assertThat(Integer.bitCount(disk.unitBytes())).isEqualTo(1);
      var ordered = walk(disk, disk.extents(0, disk.sizeBytes()));
      requireGapless(ordered, disk);
      var data = walk(disk, disk.dataInFileOrder());
      requireDisjoint(data);
      if (ordered.size() < MAX_EXTENTS && data.size() < MAX_EXTENTS) {
        assertThat(dataBytes(data)).isEqualTo(dataBytes(ordered));
      }
    }
  }

  private static List<Extent> walk(BlockSource disk, BlockSource.Extents extents)
      throws IOException {
    var walked = new ArrayList<Extent>();
    while (walked.size() < MAX_EXTENTS) {
      var next = bounded(MAX_MEMORY_BYTES, extents::next);
      if (next.isEmpty()) {
        break;
      }
      var extent = next.get();
      assertThat(extent.lengthBytes()).isPositive();
      assertThat(extent.offset()).isBetween(0L, disk.sizeBytes() - extent.lengthBytes());
      walked.add(extent);
      read(disk, extent);
    }
    return walked;
  }

  /** Reads both ends of an extent, and what follows it. */
  private static void read(BlockSource disk, Extent extent) throws IOException {
    int count = (int) Math.min(extent.lengthBytes(), MAX_PIECE_READ_BYTES);
    read(disk, extent.offset(), count);
    read(disk, extent.end() - count, (int) Math.min(disk.sizeBytes() - extent.end() + count, 512));
  }

  private static void read(BlockSource disk, long offset, int lengthBytes) throws IOException {
    var target = ByteBuffer.allocate(lengthBytes);
    bounded(
        MAX_MEMORY_BYTES,
        () -> {
          disk.read(offset, target);
          return target;
        });
    assertThat(target.hasRemaining()).isFalse();
  }

  private static void requireGapless(List<Extent> extents, BlockSource disk) {
    long at = 0;
    for (var extent : extents) {
      assertThat(extent.offset()).isEqualTo(at);
      at = extent.end();
    }
    assertThat(at == disk.sizeBytes() || extents.size() == MAX_EXTENTS).isTrue();
  }

  private static void requireDisjoint(List<Extent> extents) {
    long end = 0;
    var byOffset = extents.stream().sorted((a, b) -> Long.compare(a.offset(), b.offset())).toList();
    for (var extent : byOffset) {
      assertThat(extent.kind()).isEqualTo(Extent.Kind.DATA);
      assertThat(extent.lengthBytes()).isLessThanOrEqualTo(BlockSource.MAX_PIECE_BYTES);
      assertThat(extent.offset()).isGreaterThanOrEqualTo(end);
      end = extent.end();
    }
  }

  private static long dataBytes(List<Extent> extents) {
    return extents.stream()
        .filter(extent -> extent.kind() == Extent.Kind.DATA)
        .mapToLong(Extent::lengthBytes)
        .sum();
  }
}
