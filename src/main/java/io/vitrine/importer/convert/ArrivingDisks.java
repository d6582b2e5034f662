package io.vitrine.importer.convert;

import io.vitrine.format.DiskFormats;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.BlockTarget;
import io.vitrine.format.block.ByteSource;
import io.vitrine.importer.engine.DiskImage;
import io.vitrine.importer.engine.Disks;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A disk in a file that is still arriving; its conversion leaves the file open. */
record ArrivingDisks(ByteSource file, EarlyTarget target) implements Disks {
  @Override
  public BlockSource open(DiskImage source) throws IOException {
    return DiskFormats.open(source.format(), new KeptOpen(file));
  }

  @Override
  public BlockTarget create(DiskImage image, long sizeBytes) throws IOException {
    return target.create(image, sizeBytes);
  }

  /** A file that others read too. */
  private record KeptOpen(ByteSource file) implements ByteSource {
    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
      file.read(offset, target);
    }

    @Override
    public long sizeBytes() throws IOException {
      return file.sizeBytes();
    }

    @Override
    public void close() {
      // Whoever opened the file closes it.
    }
  }
}
