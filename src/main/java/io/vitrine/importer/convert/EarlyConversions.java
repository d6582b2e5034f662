package io.vitrine.importer.convert;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Vertx;
import io.vitrine.access.signature.SignatureProperties;
import io.vitrine.image.Image;
import io.vitrine.image.edit.EncryptionProperties;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.image.task.OutputFormat;
import io.vitrine.importer.blob.ArrivingBytes;
import io.vitrine.importer.blob.BlobWrites;
import io.vitrine.importer.blob.EarlyWork;
import io.vitrine.importer.blob.ScratchSpace;
import io.vitrine.importer.engine.BuiltinConversion;
import io.vitrine.importer.engine.ConversionLimits;
import io.vitrine.importer.engine.DiskImage;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.importer.transform.ImportContent;
import io.vitrine.importer.transform.PluginContext;
import io.vitrine.transfer.bus.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converts the data of tasks while it is being downloaded, in this process: straight into the
 * store, or into a scratch directory for each download. Nothing is known about the data yet but the
 * declared format; if it has another one, such as that of compressed data, the conversion fails at
 * once.
 */
public final class EarlyConversions implements EarlyWork {
  /** The name of the file with the result. */
  static final String TARGET = "converted";

  private static final Logger LOG = LoggerFactory.getLogger(EarlyConversions.class);

  private final Vertx vertx;
  private final ScratchSpace scratch;
  private final ConversionLimits limits;
  private final OutputFormat output;
  private final Map<UUID, Begun> begun = new HashMap<>();

  /** A conversion, and the id of its directory. */
  private record Begun(EarlyConversion conversion, Optional<UUID> directory) {}

  EarlyConversions(
      Vertx vertx, ScratchSpace scratch, ConversionLimits limits, OutputFormat output) {
    this.vertx = vertx;
    this.scratch = scratch;
    this.limits = limits;
    this.output = output;
  }

  /** Not raw images: any data can be read as raw, so a wrong declaration would not fail at once. */
  @Override
  public boolean suits(Image image) {
    var from = image.diskFormat();
    var container = image.containerFormat();
    return from != null
        && container != null
        && !from.equals("raw")
        && output.converts(from, container)
        && EncryptionProperties.of(image.properties()).isEmpty();
  }

  @Override
  public Optional<Consumer<ArrivingBytes>> begin(TaskRun<ImportTask> run, Staging staging) {
    var task = run.task();
    try {
      end(task);
      var directory = staging.blob().id();
      var file = scratch.make(directory).resolve(TARGET);
      var image = staging.image();
      var target =
          store(task, image, staging.writes())
              .orElseGet(() -> new EarlyTarget.ScratchFile(file, limits.timeLimit()));
      var conversion = conversion(requireNonNull(image.diskFormat()), file, target);
      begun.put(task.id(), new Begun(conversion, Optional.of(directory)));
      return Optional.of(conversion::begin);
    } catch (IOException | RuntimeException failure) {
      LOG.atWarn()
          .addKeyValue("task_id", task.id())
          .addKeyValue("error", failure.toString())
          .log("An image cannot be converted while it arrives");
      return Optional.empty();
    }
  }

  /**
   * Prepares to convert data that is all there; empty if it has to go to a file, which others can
   * do. Blocks.
   */
  Optional<EarlyConversion> prepare(PluginContext context, ImportContent content) {
    var task = context.run().task();
    end(task);
    return store(task, context.image(), context.writer().writes())
        .map(
            target -> {
              var file = context.scratch().resolve(TARGET);
              var conversion = conversion(content.declared().diskFormat(), file, target);
              begun.put(task.id(), new Begun(conversion, Optional.empty()));
              return conversion;
            });
  }

  /**
   * Raw data can go straight to a store, if it is the only one and needs no signature: its length
   * is known, and it is written in order.
   */
  private Optional<EarlyTarget> store(ImportTask task, Image image, BlobWrites writes) {
    boolean isSigned = SignatureProperties.of(image.properties()).isPresent();
    if (!output.format().equals("raw") || isSigned || task.waiting().size() != 1) {
      return Optional.empty();
    }
    var store = task.waiting().getFirst();
    var content = new Message.Content("raw", "bare");
    return Optional.of(
        new EarlyTarget.Store(
            sizeBytes -> writes.openEarly(task.image(), store, sizeBytes, content)));
  }

  private EarlyConversion conversion(String from, Path file, EarlyTarget target) {
    var image = new DiskImage(file, output.format());
    return new EarlyConversion(
        target,
        // The source's file is never opened by its name, which changes when it is complete.
        bytes ->
            new BuiltinConversion(
                new DiskImage(file, from), image, limits, new ArrivingDisks(bytes, target)));
  }

  /** The conversion that began while the task's data arrived, if it may be of use. */
  Optional<EarlyConversion> find(LeasedTask task) {
    return Optional.ofNullable(begun.get(task.id()))
        .map(Begun::conversion)
        .filter(EarlyConversion::isOfUse);
  }

  @Override
  public void stop(LeasedTask task) {
    var stopped = begun.get(task.id());
    if (stopped != null) {
      stopped.conversion().stop();
    }
  }

  @Override
  public void end(LeasedTask task) {
    var ended = begun.remove(task.id());
    if (ended != null) {
      ended.conversion().end();
      vertx
          .executeBlocking(
              () -> {
                ended.directory().ifPresent(scratch::remove);
                return true;
              })
          .await();
    }
  }
}
