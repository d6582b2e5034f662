package io.vitrine.format;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.BlockTarget;
import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.ClusterCompression;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.qcow2.Qcow2Disk;
import io.vitrine.format.qcow2.Qcow2Target;
import io.vitrine.format.raw.RawDisk;
import io.vitrine.format.raw.RawTarget;
import io.vitrine.format.vdi.VdiDisk;
import io.vitrine.format.vhd.VhdDisk;
import io.vitrine.format.vhdx.VhdxDisk;
import io.vitrine.format.vmdk.VmdkDisk;
import io.vitrine.format.vmdk.VmdkTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** The disk formats that can be read and written, by their names in the Image API. */
public final class DiskFormats {
  /** What can be read. */
  public static final Set<String> READABLE = Set.of("raw", "qcow2", "vmdk", "vdi", "vhd", "vhdx");

  /** What can be written. */
  public static final Set<String> WRITABLE = Set.of("raw", "qcow2", "vmdk");

  private DiskFormats() {}

  /**
   * A new image file.
   *
   * @param diskFormat one of {@link #WRITABLE}
   * @param sizeBytes of the disk
   * @param compression ignored by formats that leave no choice
   */
  public record NewImage(String diskFormat, long sizeBytes, ClusterCompression compression) {}

  /**
   * Opens a disk in a file of the format. The file is closed with the disk, or if this fails.
   *
   * @param diskFormat one of {@link #READABLE}
   * @throws InvalidImageException if the file is not a valid image of the format
   */
  public static BlockSource open(String diskFormat, ByteSource file) throws IOException {
    try {
      return switch (diskFormat) {
        case "raw" -> RawDisk.open(file);
        case "qcow2" -> Qcow2Disk.open(file);
        case "vmdk" -> VmdkDisk.open(file);
        case "vdi" -> VdiDisk.open(file);
        case "vhd" -> VhdDisk.open(file);
        case "vhdx" -> VhdxDisk.open(file);
        default -> throw new IllegalArgumentException(diskFormat + " cannot be read");
      };
    } catch (IOException | RuntimeException failure) {
      file.close();
      throw failure;
    }
  }

  /** Creates an image file, or empties an existing one. */
  public static BlockTarget create(Path file, NewImage image) throws IOException {
    return switch (image.diskFormat()) {
      case "raw" -> RawTarget.create(file, image.sizeBytes());
      case "qcow2" -> Qcow2Target.create(file, image.sizeBytes(), image.compression());
      case "vmdk" -> VmdkTarget.create(file, image.sizeBytes());
      default -> throw new IllegalArgumentException(image.diskFormat() + " cannot be written");
    };
  }
}
