package io.vitrine.format.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.block.BlockSource.Extents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** The ways to read a disk. */
public final class TestingReads {
  private TestingReads() {}

  /** Reads all of a disk at once. */
  public static byte[] whole(BlockSource disk) throws IOException {
    return piece(disk, 0, Math.toIntExact(disk.sizeBytes()));
  }

  /** Reads a range of a disk. */
  public static byte[] piece(BlockSource disk, long offset, int lengthBytes) throws IOException {
    var piece = ByteBuffer.allocate(lengthBytes);
    disk.read(offset, piece);
    assertThat(piece.hasRemaining()).isFalse();
    return piece.array();
  }

  /** Assembles a disk from its extents of data, which must be as they are promised to be. */
  public static byte[] inFileOrder(BlockSource disk) throws IOException {
    var bytes = new byte[Math.toIntExact(disk.sizeBytes())];
    var seen = new HashSet<Long>();
    for (var extent : list(disk.dataInFileOrder())) {
      assertThat(extent.kind()).isEqualTo(Extent.Kind.DATA);
      assertThat(extent.lengthBytes()).isLessThanOrEqualTo(BlockSource.MAX_PIECE_BYTES);
      assertThat(extent.offset() % disk.unitBytes()).isZero();
      assertThat(seen.add(extent.offset())).isTrue();
      copy(disk, extent, bytes);
    }
    return bytes;
  }

  /** Reads an extent into an array that is as long as the disk. */
  public static void copy(BlockSource disk, Extent extent, byte[] bytes) throws IOException {
    disk.read(
        extent.offset(), ByteBuffer.wrap(bytes, (int) extent.offset(), (int) extent.lengthBytes()));
  }

  /** All extents that are left. */
  public static List<Extent> list(Extents extents) throws IOException {
    var list = new ArrayList<Extent>();
    for (var next = extents.next(); next.isPresent(); next = extents.next()) {
      list.add(next.get());
    }
    return list;
  }
}
