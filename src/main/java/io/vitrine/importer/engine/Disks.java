package io.vitrine.importer.engine;

import io.vitrine.format.DiskFormats;
import io.vitrine.format.DiskFormats.NewImage;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.BlockTarget;
import io.vitrine.format.block.ClusterCompression;
import io.vitrine.format.block.FileSource;
import java.io.IOException;

/** Opens the disks of a conversion, which closes them. */
public interface Disks {
  /** Those in files. */
  Disks IN_FILES =
      new Disks() {
        @Override
        public BlockSource open(DiskImage source) throws IOException {
          return DiskFormats.open(source.format(), FileSource.open(source.file()));
        }

        @Override
        public BlockTarget create(DiskImage target, long sizeBytes) throws IOException {
          return DiskFormats.create(
              target.file(), new NewImage(target.format(), sizeBytes, ClusterCompression.NONE));
        }
      };

  /** Opens an image to read it. */
  BlockSource open(DiskImage source) throws IOException;

  /** Creates an image of a disk of this size. */
  BlockTarget create(DiskImage target, long sizeBytes) throws IOException;
}
