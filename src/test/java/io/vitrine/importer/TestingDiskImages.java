package io.vitrine.importer;

import io.vitrine.format.DiskFormats;
import io.vitrine.format.DiskFormats.NewImage;
import io.vitrine.format.block.ClusterCompression;
import io.vitrine.format.block.FileSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes image files of disks and reads disks from them, all in this process. */
public final class TestingDiskImages {
  private static final int PIECE_BYTES = 64 << 10;

  private TestingDiskImages() {}

  /** An image file of the disk. */
  public static byte[] of(String format, byte[] disk) throws IOException {
    return of(format, disk, ClusterCompression.NONE);
  }

  /** An image file of the disk, compressed if its format leaves the choice. */
  public static byte[] of(String format, byte[] disk, ClusterCompression compression)
      throws IOException {
    return image(disk, new NewImage(format, disk.length, compression));
  }

  /** An image file of a disk without data. */
  public static byte[] empty(String format, long sizeBytes) throws IOException {
    return image(new byte[0], new NewImage(format, sizeBytes, ClusterCompression.NONE));
  }

  private static byte[] image(byte[] disk, NewImage image) throws IOException {
    var file = Files.createTempFile("disk", "." + image.diskFormat());
    try {
      write(file, disk, image);
      return Files.readAllBytes(file);
    } finally {
      Files.delete(file);
    }
  }

  private static void write(Path file, byte[] disk, NewImage image) throws IOException {
    try (var target = DiskFormats.create(file, image)) {
      int piece = target.unitBytes() == 1 ? PIECE_BYTES : target.unitBytes();
      for (int at = 0; at < disk.length; at += piece) {
        var data = ByteBuffer.wrap(disk, at, Math.min(piece, disk.length - at)).slice();
        if (hasData(data)) {
          target.prepare(at, data).write();
        }
      }
      target.finish();
    }
  }

  private static boolean hasData(ByteBuffer data) {
    return data.mismatch(ByteBuffer.allocate(data.remaining())) >= 0;
  }

  /** The disk in an image file. */
  public static byte[] disk(String format, byte[] image) throws IOException {
    var file = Files.createTempFile("disk", "." + format);
    try {
      return disk(format, Files.write(file, image));
    } finally {
      Files.delete(file);
    }
  }

  /** The disk in an image file. */
  public static byte[] disk(String format, Path image) throws IOException {
    try (var disk = DiskFormats.open(format, FileSource.open(image))) {
      var bytes = ByteBuffer.allocate(Math.toIntExact(disk.sizeBytes()));
      disk.read(0, bytes);
      return bytes.array();
    }
  }
}
