package io.vitrine.importer;

import io.vitrine.config.ByteSize;
import io.vitrine.importer.engine.ConversionLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;

/** Disks to convert, and limits for that. */
public final class TestingImages {
  public static final int MIB = 1 << 20;
  public static final ConversionLimits LIMITS =
      new ConversionLimits(
          new ByteSize(512L * MIB),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          new ByteSize(512L * MIB));

  private TestingImages() {}

  /** A raw image of random bytes with a hole in its middle. */
  public static Path raw(Path directory, int sizeMib) throws IOException {
    var file = directory.resolve("source.raw");
    var random = new Random(42);
    var block = new byte[MIB];
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long index = 0; index < sizeMib; index++) {
        random.nextBytes(block);
        if (index != sizeMib / 2) {
          channel.write(ByteBuffer.wrap(block), index * MIB);
        }
      }
    }
    return file;
  }
}
