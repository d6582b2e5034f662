package io.vitrine.importer.decompress;

import io.vertx.core.Vertx;
import io.vitrine.image.problem.Problem;
import io.vitrine.importer.blob.VerifiedFile;
import io.vitrine.importer.run.Step;
import io.vitrine.importer.run.StepMeter;
import io.vitrine.importer.transform.ImportContent;
import io.vitrine.importer.transform.ImportPlugin;
import io.vitrine.importer.transform.PluginContext;
import io.vitrine.importer.transform.SourceHead;
import io.vitrine.importer.transform.StagingWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decompresses staged data into a new staged blob, from which any worker can continue. Images with
 * container format compressed stay compressed.
 */
public final class Decompression implements ImportPlugin {
  private static final Problem CANCELLED = new Problem.Interrupted("The import was cancelled.");

  private final Vertx vertx;
  private final DecompressionConfig limits;

  /** Decompresses within the limits. */
  public Decompression(Vertx vertx, DecompressionConfig limits) {
    this.vertx = vertx;
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
    if (compression.isEmpty() && !Decompressor.mustLookFurther(head)) {
      return content;
    }
    var file = context.staged().toFile(context.run(), content.source().get(), context.scratch());
    if (compression.isEmpty()) {
      compression = recognise(context, file);
    }
    var result =
        compression.isPresent() ? decompress(context, content, file, compression.get()) : content;
    if (file.startsWith(context.scratch())) {
      Files.delete(file);
    }
    return result;
  }

  private Optional<Compression> recognise(PluginContext context, Path file) {
    var decompressor = new Decompressor(file, limits);
    context.run().begin(Step.Simple.INSPECTING, () -> decompressor.stop(CANCELLED));
    return vertx.executeBlocking(decompressor::recognise, false).await();
  }

  private ImportContent decompress(
      PluginContext context, ImportContent content, Path file, Compression compression)
      throws IOException {
    var producer = new Production(new Decompressor(file, limits), compression, Files.size(file));
    var source = new VerifiedFile(file, content.staged());
    var stored = context.writer().replace(context.run(), name(), source, producer);
    return content.replacedBy(() -> context.staged().open(stored), stored);
  }

  /** A file that is being decompressed, and its size. */
  private record Production(Decompressor decompressor, Compression compression, long sizeBytes)
      implements StagingWriter.Producer {
    @Override
    public void produce(StagingWriter.Output output) throws InterruptedException {
      decompressor.run(compression, output::accept);
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
  }
}
