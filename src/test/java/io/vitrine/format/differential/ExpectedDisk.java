package io.vitrine.format.differential;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What a disk must read as: a sparse raw file that qemu-img made. */
final class ExpectedDisk implements Closeable {
  private static final int STEP_BYTES = 1 << 20;

  /** Not a channel, which threads of a conversion that are interrupted would close. */
  private final RandomAccessFile file;

  private final long sizeBytes;

  /** Where the file has data: the ends by the starts. */
  private final NavigableMap<Long, Long> data;

  private ExpectedDisk(RandomAccessFile file, NavigableMap<Long, Long> data) throws IOException {
    this.file = file;
    this.data = data;
    sizeBytes = file.length();
  }

  /** Has qemu-img read the image of a recipe; empty if that refuses it. */
  static Optional<ExpectedDisk> of(Recipe recipe, Commands commands)
      throws IOException, InterruptedException {
    var source = Recipe.IMAGE;
    if (recipe.diskFormat().equals("vhdx")) {
      // It replays a log only where it may write.
      source = "replayed";
      commands.require("cp", "--sparse=always", Recipe.IMAGE, source);
      commands.run("qemu-img", "check", "-q", "-f", "vhdx", "-r", "all", source);
    }
    var options =
        "driver=%s,file.driver=file,file.filename=%s".formatted(recipe.qemuFormat(), source);
    if (recipe.diskFormat().equals("vhd")) {
      // Cylinders, heads and sectors are rounded.
      options += ",force_size_calc=current_size";
    }
    var result =
        commands.run("qemu-img", "convert", "--image-opts", "-O", "raw", options, "expected");
    return result.isSuccess() ? Optional.of(open(commands)) : Optional.empty();
  }

  private static ExpectedDisk open(Commands commands) throws IOException, InterruptedException {
    var map = commands.require("qemu-img", "map", "-f", "raw", "expected");
    var data = new TreeMap<Long, Long>();
    // Below a heading it lists the data only, as: offset, length, offset in the file, name.
    for (var line : map.lines().skip(1).toList()) {
      var columns = line.split(" +", 4);
      long start = Long.decode(columns[0]);
      data.put(start, start + Long.decode(columns[1]));
    }
    var path = commands.directory().resolve("expected");
    return new ExpectedDisk(new RandomAccessFile(path.toFile(), "r"), data);
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** Fails unless the disk has these bytes at the offset. */
  void requireEqual(long offset, ByteBuffer found) throws IOException {
    var expected = read(offset, found.remaining());
    int mismatch = expected.mismatch(found);
    if (mismatch >= 0) {
      throw new AssertionError(
          "byte %d is %02x, not %02x"
              .formatted(
                  offset + mismatch,
                  found.get(found.position() + mismatch),
                  expected.get(mismatch)));
    }
  }

  /** Fails unless the disk has zeros only in the range. */
  void requireZeros(long offset, long end) throws IOException {
    var first = data.floorKey(offset);
    for (var extent : data.tailMap(first == null ? offset : first).entrySet()) {
      if (extent.getKey() >= end) {
        return;
      }
      long last = Math.min(end, extent.getValue());
      for (long at = Math.max(offset, extent.getKey()); at < last; at += STEP_BYTES) {
        requireEqual(at, ByteBuffer.allocate((int) Math.min(STEP_BYTES, last - at)));
      }
    }
  }

  private synchronized ByteBuffer read(long offset, int length) throws IOException {
    var bytes = new byte[length];
    file.seek(offset);
    file.readFully(bytes);
    return ByteBuffer.wrap(bytes);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
