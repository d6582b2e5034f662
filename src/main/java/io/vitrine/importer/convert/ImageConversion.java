package io.vitrine.importer.convert;

import io.vertx.core.Vertx;
import io.vitrine.format.FormatInspector;
import io.vitrine.format.FormatRules;
import io.vitrine.format.Inspection;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.OutputFormat;
import io.vitrine.importer.blob.VerifiedFile;
import io.vitrine.importer.run.DataMismatch;
import io.vitrine.importer.run.Step;
import io.vitrine.importer.run.StepMeter;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.importer.transform.ImportContent;
import io.vitrine.importer.transform.ImportPlugin;
import io.vitrine.importer.transform.PluginContext;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * Converts disk images to one format. Inspection decides whether an image may be read at all; the
 * result is inspected again as it is stored.
 */
public final class ImageConversion implements ImportPlugin {
  private static final int SECTOR_BYTES = 512;

  private final Vertx vertx;
  private final Converter converter;
  private final FormatRules rules;
  private final String format;
  private final OutputFormat output;

  /** Converts to the format: raw, qcow2 or vmdk. */
  public ImageConversion(Vertx vertx, Converter converter, FormatRules rules, String format) {
    this.vertx = vertx;
    this.converter = converter;
    this.rules = rules;
    this.format = format;
    this.output = new OutputFormat(format);
  }

  @Override
  public String name() {
    return ConversionConfig.KIND.name();
  }

  @Override
  public String title() {
    return "Conversion";
  }

  @Override
  public ImportContent apply(PluginContext context, ImportContent content) throws Exception {
    var declared = content.declared();
    if (!output.converts(declared.diskFormat(), declared.containerFormat())) {
      return content;
    }
    output.requireUnencrypted(context.image());
    converter.requireAvailable();
    var file = context.staged().toFile(context.run(), content.source().get(), context.scratch());
    var converted = context.scratch().resolve("converted");
    var whole =
        new VerifiedFile(file, content.staged())
            .read(() -> convert(context.run(), file, converted, declared));
    return content.changedTo(() -> whole, new Message.Content(format, "bare"));
  }

  private BlobSource convert(TaskRun<?> run, Path file, Path target, Message.Content declared)
      throws IOException {
    var virtualSize = requireUsable(run, file, declared);
    var from = declared.diskFormat();
    var conversion = converter.convert(new DiskImage(file, from), new DiskImage(target, format));
    var meter =
        StepMeter.of(
            new Step.Conversion(from, format),
            () -> Math.round(virtualSize.orElse(0) / 100.0 * conversion.percent()),
            virtualSize);
    try {
      run.begin(meter, conversion::cancel);
      conversion.done().await();
    } catch (Throwable failure) {
      // The files stay until nothing reads or writes them any more.
      conversion.cancel();
      conversion.done().otherwiseEmpty().await();
      throw failure;
    }
    long size = Files.size(target);
    if (format.equals("raw") && virtualSize.isPresent()) {
      requireWhole(size, virtualSize.getAsLong());
    }
    return new BlobSource.InFile(target, new ByteRange(0, size), false);
  }

  /** A raw disk must have exactly its virtual size, in whole sectors. */
  private static void requireWhole(long found, long virtualSize) {
    long wanted = (virtualSize + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
    if (found != wanted && found != virtualSize) {
      throw new ProblemException(DataMismatch.wrongSize("The converted data", found, wanted));
    }
  }

  private OptionalLong requireUsable(TaskRun<?> run, Path file, Message.Content declared) {
    run.begin(Step.Simple.INSPECTING, () -> {});
    var inspection = vertx.executeBlocking(() -> inspect(file)).await();
    var virtualSize = rules.accept(inspection, declared.diskFormat(), declared.containerFormat());
    rules.sourceFormat(inspection, declared.diskFormat());
    converter.requireWithinLimits(virtualSize);
    return virtualSize;
  }

  private static Inspection inspect(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return FormatInspector.inspect(channel);
    }
  }
}
