package io.vitrine.importer.transform;

import io.vitrine.image.problem.Problem;
import io.vitrine.importer.decompress.Compression;
import io.vitrine.importer.decompress.DecompressionLimits;
import io.vitrine.importer.decompress.Decompressor;
import io.vitrine.importer.job.StepMeter;
import java.nio.file.Files;
import java.util.OptionalLong;

/**
 * Decompresses staged data into a new staged blob, from which any worker can continue. Images with
 * container format compressed stay compressed.
 */
public final class Decompression implements ImportPlugin {
  private final DecompressionLimits limits;

  /** Decompresses within the limits. */
  public Decompression(DecompressionLimits limits) {
    this.limits = limits;
  }

  @Override
  public String name() {
    return "image_decompression";
  }

  @Override
  public String title() {
    return "Decompression";
  }

  @Override
  public Made apply(Work work, Made made) throws Exception {
    if (made.content().containerFormat().equals("compressed")) {
      return made;
    }
    var head = SourceHead.read(made.source().get(), Compression.HEAD_BYTES);
    var compression = Compression.of(head);
    return compression.isPresent() ? decompress(work, made, compression.get()) : made;
  }

  private Made decompress(Work work, Made made, Compression compression) throws Exception {
    var file = work.steps().toFile(work.job(), made.source().get(), work.room());
    var maker = maker(new Decompressor(file, compression, limits), Files.size(file));
    var source = new WholeFile(file, made.staged());
    var stored = work.restaging().replace(work.job(), name(), source, maker);
    if (file.startsWith(work.room())) {
      Files.delete(file);
    }
    return made.restaged(() -> work.steps().open(stored), stored);
  }

  private static Restaging.Maker maker(Decompressor decompressor, long sizeBytes) {
    return new Restaging.Maker() {
      @Override
      public void make(Restaging.Output output) throws InterruptedException {
        decompressor.run(output::accept);
      }

      @Override
      public StepMeter meter() {
        return StepMeter.of("Decompressing", decompressor::readBytes, OptionalLong.of(sizeBytes));
      }

      @Override
      public void stop(Problem reason) {
        decompressor.stop(reason);
      }
    };
  }
}
