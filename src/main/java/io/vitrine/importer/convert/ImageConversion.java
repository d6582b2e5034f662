package io.vitrine.importer.convert;

import io.vertx.core.Vertx;
import io.vitrine.format.FormatInspector;
import io.vitrine.format.FormatRules;
import io.vitrine.format.Inspection;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.OutputFormat;
import io.vitrine.importer.blob.ArrivingBytes;
import io.vitrine.importer.blob.EarlyWork;
import io.vitrine.importer.blob.VerifiedFile;
import io.vitrine.importer.engine.DiskImage;
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
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converts disk images to one format. Inspection decides whether an image may be read at all; the
 * result is inspected again as it is stored.
 */
public final class ImageConversion implements ImportPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(ImageConversion.class);
  private static final int SECTOR_BYTES = 512;

  private final Vertx vertx;
  private final ConversionEngine engine;
  private final FormatRules rules;
  private final String format;
  private final OutputFormat output;

  /** Converts to the format: raw, qcow2 or vmdk. */
  public ImageConversion(Vertx vertx, ConversionEngine engine, FormatRules rules, String format) {
    this.vertx = vertx;
    this.engine = engine;
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
  public Optional<EarlyWork> early() {
    return engine.early().map(EarlyWork.class::cast);
  }

  @Override
  public ImportContent apply(PluginContext context, ImportContent content) throws Exception {
    var declared = content.declared();
    if (!output.converts(declared.diskFormat(), declared.containerFormat())) {
      return content;
    }
    output.requireUnencrypted(context.image());
    engine.converter().requireAvailable();
    var file = context.staged().toFile(context.run(), content.source().get(), context.scratch());
    var early = convertedEarly(context, file, content);
    if (early.isPresent()) {
      return early.get();
    }
    // What began and is of no use holds room that is needed now.
    engine.early().ifPresent(begun -> begun.end(context.run().task()));
    var whole = convert(context, file, content);
    return content.changedTo(() -> whole, made());
  }

  private Message.Content made() {
    return new Message.Content(format, "bare");
  }

  /**
   * What was made of the data while it arrived, or is now made straight in the store; empty if
   * there is nothing of use. Then the reason, if it is in the data, will be found again.
   */
  private Optional<ImportContent> convertedEarly(
      PluginContext context, Path file, ImportContent content) throws IOException {
    var task = context.run().task();
    var arrived = engine.early().flatMap(early -> early.find(task));
    var conversion =
        arrived.or(() -> engine.early().flatMap(early -> early.prepare(context, content)));
    if (conversion.isEmpty()) {
      return Optional.empty();
    }
    try {
      var virtualSize = requireUsable(context.run(), file, content.declared());
      if (arrived.isEmpty()) {
        conversion.get().begin(ArrivingBytes.whole(file));
      }
      var result = result(context.run(), conversion.get(), content, virtualSize);
      arrived.ifPresent(early -> log(context.run(), result));
      return result.isPresent()
          ? Optional.of(
              taken(
                  result.get().target(),
                  virtualSize,
                  content,
                  () -> convertAgain(context, file, content)))
          : Optional.empty();
    } catch (ProblemException refused) {
      return Optional.empty();
    }
  }

  private Optional<EarlyConversion.Result> result(
      TaskRun<?> run, EarlyConversion conversion, ImportContent content, OptionalLong virtualSize) {
    var from = content.declared().diskFormat();
    run.begin(meter(from, conversion::percent, virtualSize), conversion::stop);
    return conversion.result(content.staged());
  }

  private ImportContent taken(
      EarlyTarget target,
      OptionalLong virtualSize,
      ImportContent content,
      Supplier<BlobSource> again)
      throws IOException {
    return switch (target) {
      case EarlyTarget.ScratchFile scratch -> {
        var whole = whole(scratch.file(), virtualSize);
        yield content.changedTo(() -> whole, made());
      }
      case EarlyTarget.Store store -> {
        var blob = store.blob().orElseThrow();
        requireWhole(blob.sizeBytes(), virtualSize);
        yield content.changedTo(again, made()).storedIn(blob);
      }
    };
  }

  private static void log(TaskRun<?> run, Optional<EarlyConversion.Result> result) {
    var event =
        LOG.atInfo()
            .addKeyValue("task_id", run.task().id())
            .addKeyValue("image_id", run.task().image().id());
    result.ifPresentOrElse(
        converted ->
            event
                .addKeyValue("millis_after_last_byte", converted.afterLastByte().toMillis())
                .log("The image was converted while it arrived"),
        () -> event.log("What was converted while the image arrived is of no use"));
  }

  /** For a store that broke off after the data had been converted straight into it. */
  private BlobSource convertAgain(PluginContext context, Path file, ImportContent content) {
    try {
      return convert(context, file, content);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private BlobSource convert(PluginContext context, Path file, ImportContent content)
      throws IOException {
    var target = context.scratch().resolve(EarlyConversions.TARGET);
    return new VerifiedFile(file, content.staged())
        .read(() -> convert(context.run(), file, target, content.declared()));
  }

  private BlobSource convert(TaskRun<?> run, Path file, Path target, Message.Content declared)
      throws IOException {
    var virtualSize = requireUsable(run, file, declared);
    var from = declared.diskFormat();
    var conversion =
        engine.converter().convert(new DiskImage(file, from), new DiskImage(target, format));
    try {
      run.begin(meter(from, conversion::percent, virtualSize), conversion::cancel);
      conversion.done().await();
    } catch (Throwable failure) {
      // Nothing may read or write the files once this has failed.
      conversion.cancel();
      conversion.done().otherwiseEmpty().await();
      throw failure;
    }
    return whole(target, virtualSize);
  }

  private StepMeter meter(String from, DoubleSupplier percent, OptionalLong virtualSize) {
    return StepMeter.of(
        new Step.Conversion(from, format),
        () -> Math.round(virtualSize.orElse(0) / 100.0 * percent.getAsDouble()),
        virtualSize);
  }

  private BlobSource whole(Path target, OptionalLong virtualSize) throws IOException {
    long size = Files.size(target);
    requireWhole(size, virtualSize);
    return new BlobSource.InFile(target, new ByteRange(0, size), false);
  }

  /** A raw disk must have exactly its virtual size, in whole sectors. */
  private void requireWhole(long found, OptionalLong virtualSize) {
    if (!format.equals("raw") || virtualSize.isEmpty()) {
      return;
    }
    long size = virtualSize.getAsLong();
    long wanted = (size + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
    if (found != wanted && found != size) {
      throw new ProblemException(DataMismatch.wrongSize("The converted data", found, wanted));
    }
  }

  private OptionalLong requireUsable(TaskRun<?> run, Path file, Message.Content declared) {
    run.begin(Step.Simple.INSPECTING, () -> {});
    var inspection = vertx.executeBlocking(() -> inspect(file)).await();
    var virtualSize = rules.accept(inspection, declared.diskFormat(), declared.containerFormat());
    rules.sourceFormat(inspection, declared.diskFormat());
    engine.converter().requireWithinLimits(virtualSize);
    return virtualSize;
  }

  private static Inspection inspect(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return FormatInspector.inspect(channel);
    }
  }
}
