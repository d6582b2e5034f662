package io.vitrine.format.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.BlockSource.Extents;
import io.vitrine.format.block.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The ways to read a disk. */
final class TestingReads {
  private TestingReads() {}

  static byte[] whole(byte[] file) throws IOException {
    try (var disk = Qcow2Disk.open(new FakeFile(file))) {
      return piece(disk, 0, Math.toIntExact(disk.sizeBytes()));
    }
  }

  static byte[] inFileOrder(byte[] file) throws IOException {
    try (var disk = Qcow2Disk.open(new FakeFile(file))) {
      var bytes = new byte[Math.toIntExact(disk.sizeBytes())];
      for (var extent : list(disk.dataInFileOrder())) {
        assertThat(extent.kind()).isEqualTo(Extent.Kind.DATA);
        assertThat(extent.lengthBytes()).isLessThanOrEqualTo(BlockSource.MAX_PIECE_BYTES);
        assertThat(extent.offset() % disk.unitBytes()).isZero();
        disk.read(
            extent.offset(),
            ByteBuffer.wrap(bytes, (int) extent.offset(), (int) extent.lengthBytes()));
      }
      return bytes;
    }
  }

  static byte[] piece(BlockSource disk, long offset, int lengthBytes) throws IOException {
    var piece = ByteBuffer.allocate(lengthBytes);
    disk.read(offset, piece);
    assertThat(piece.hasRemaining()).isFalse();
    return piece.array();
  }

  static List<Extent> list(Extents extents) throws IOException {
    var list = new ArrayList<Extent>();
    for (var next = extents.next(); next.isPresent(); next = extents.next()) {
      list.add(next.get());
    }
    return list;
  }
}
