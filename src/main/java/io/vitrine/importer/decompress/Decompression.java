package io.vitrine.importer.decompress;

import io.vitrine.image.problem.Problem;
import io.vitrine.importer.blob.VerifiedFile;
import io.vitrine.importer.run.Step;
import io.vitrine.importer.run.StepMeter;
import io.vitrine.importer.transform.ImportContent;
import io.vitrine.importer.transform.ImportPlugin;
import io.vitrine.importer.transform.PluginContext;
import io.vitrine.importer.transform.SourceHead;
import io.vitrine.importer.transform.StagingWriter;
import java.nio.file.Files;
import java.util.OptionalLong;

/**
 * Decompresses staged data into a new staged blob, from which any worker can continue. Images with
 * container format compressed stay compressed.
 */
public final class Decompression implements ImportPlugin {
  private final DecompressionConfig limits;

  /** Decompresses within the limits. */
  public Decompression(DecompressionConfig limits) {
    this.limits = limits;
  }

  @Override
  public String name() {
    return DecompressionConfig.KIND.name();
  }

  @Override
  public String title() {
    return "Decompression";
  }

  @Override
  public ImportContent apply(PluginContext context, ImportContent content) throws Exception {
    if (content.declared().containerFormat().equals("compressed")) {
      return content;
    }
    var head = SourceHead.read(content.source().get(), Compression.HEAD_BYTES);
    var compression = Compression.of(head);
    return compression.isPresent() ? decompress(context, content, compression.get()) : content;
  }

  private ImportContent decompress(
      PluginContext context, ImportContent content, Compression compression) throws Exception {
    var file = context.staged().toFile(context.run(), content.source().get(), context.scratch());
    var producer = producer(new Decompressor(file, compression, limits), Files.size(file));
    var source = new VerifiedFile(file, content.staged());
    var stored = context.writer().replace(context.run(), name(), source, producer);
    if (file.startsWith(context.scratch())) {
      Files.delete(file);
    }
    return content.replacedBy(() -> context.staged().open(stored), stored);
  }

  private static StagingWriter.Producer producer(Decompressor decompressor, long sizeBytes) {
    return new StagingWriter.Producer() {
      @Override
      public void produce(StagingWriter.Output output) throws InterruptedException {
        decompressor.run(output::accept);
      }

      @Override
      public StepMeter meter() {
        return StepMeter.of(
            Step.Simple.DECOMPRESSING, decompressor::readBytes, OptionalLong.of(sizeBytes));
      }

      @Override
      public void stop(Problem reason) {
        decompressor.stop(reason);
      }
    };
  }
}
