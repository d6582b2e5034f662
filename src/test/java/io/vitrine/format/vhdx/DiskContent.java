package io.vitrine.format.vhdx;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.BlockSource.Extents;
import io.vitrine.format.block.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads disks in each way that there is. */
final class DiskContent {
  private DiskContent() {}

  static byte[] whole(BlockSource disk) throws IOException {
    return range(disk, 0, (int) disk.sizeBytes());
  }

  static byte[] range(BlockSource disk, long offset, int lengthBytes) throws IOException {
    var target = ByteBuffer.allocate(lengthBytes);
    disk.read(offset, target);
    return target.array();
  }

  /** What a converter would write. */
  static byte[] inFileOrder(BlockSource disk) throws IOException {
    var content = new byte[(int) disk.sizeBytes()];
    for (var extent : all(disk.dataInFileOrder())) {
      var target = ByteBuffer.wrap(content, (int) extent.offset(), (int) extent.lengthBytes());
      disk.read(extent.offset(), target);
    }
    return content;
  }

  static List<Extent> all(Extents extents) throws IOException {
    var all = new ArrayList<Extent>();
    for (var next = extents.next(); next.isPresent(); next = extents.next()) {
      all.add(next.get());
    }
    return all;
  }
}
