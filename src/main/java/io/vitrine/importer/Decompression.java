package io.vitrine.importer;

import io.vitrine.decompress.Compression;
import io.vitrine.decompress.DecompressionLimits;
import io.vitrine.decompress.Decompressor;
import io.vitrine.image.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.util.OptionalLong;

/**
 * Decompresses staged data into another blob in staging, which whoever takes the import over goes
 * on with. Images in container format compressed are to be so.
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
  public Made apply(Work work, Made made) throws IOException {
    if (made.content().containerFormat().equals("compressed")) {
      return made;
    }
    var head = SourceHead.read(made.source().get(), Compression.HEAD_BYTES);
    var compression = Compression.of(head);
    return compression.isPresent() ? decompress(work, made, compression.get()) : made;
  }

  private Made decompress(Work work, Made made, Compression compression) throws IOException {
    var file = work.steps().toFile(work.job(), made.source().get(), work.room());
    var size = OptionalLong.of(Files.size(file));
    var decompressor = new Decompressor(file, compression, limits);
    var source =
        work.restaging()
            .replace(
                work.job(),
                name(),
                new Restaging.Maker() {
                  @Override
                  public void make(Restaging.Output output) throws InterruptedException {
                    decompressor.run(output::accept);
                  }

                  @Override
                  public StepMeter meter() {
                    return StepMeter.of("Decompressing", decompressor::readBytes, size);
                  }

                  @Override
                  public void stop(Problem reason) {
                    decompressor.stop(reason);
                  }
                });
    if (file.startsWith(work.room())) {
      Files.delete(file);
    }
    return made.changed(source, made.content());
  }
}
