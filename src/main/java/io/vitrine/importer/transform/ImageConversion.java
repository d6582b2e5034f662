package io.vitrine.importer.transform;

import static io.vitrine.image.problem.ProblemException.notOffered;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vitrine.format.FormatInspector;
import io.vitrine.format.FormatRules;
import io.vitrine.format.Inspection;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.problem.Causes;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ConversionTarget;
import io.vitrine.importer.convert.QemuImg;
import io.vitrine.importer.job.Damage;
import io.vitrine.importer.job.Job;
import io.vitrine.importer.job.StepMeter;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Converts disk images to one format. Inspection decides whether an image may be read at all; the
 * result is inspected again as it is stored.
 */
public final class ImageConversion implements ImportPlugin {
  private static final int SECTOR_BYTES = 512;

  private final Vertx vertx;
  private final QemuImg qemuImg;
  private final FormatRules rules;
  private final String format;
  private final ConversionTarget target;

  /** Converts to the format: raw, qcow2 or vmdk. */
  public ImageConversion(Vertx vertx, QemuImg qemuImg, FormatRules rules, String format) {
    this.vertx = vertx;
    this.qemuImg = qemuImg;
    this.rules = rules;
    this.format = format;
    this.target = new ConversionTarget(format);
  }

  @Override
  public String name() {
    return "image_conversion";
  }

  @Override
  public String title() {
    return "Conversion";
  }

  @Override
  public Made apply(Work work, Made made) throws Exception {
    var declared = made.content();
    if (!target.converts(declared.diskFormat(), declared.containerFormat())) {
      return made;
    }
    target.requireUnencrypted(work.image());
    if (!qemuImg.isAvailable()) {
      throw notOffered(
          "Images cannot be converted to %s here: qemu-img is not installed.".formatted(format));
    }
    var file = work.steps().toFile(work.job(), made.source().get(), work.room());
    var converted = work.room().resolve("converted");
    var whole =
        new WholeFile(file, made.staged()).read(() -> convert(work, file, converted, declared));
    return made.changed(() -> whole, new Message.Content(format, "bare"));
  }

  private BlobSource convert(Work work, Path file, Path target, Message.Content declared)
      throws IOException {
    var virtualSize = requireUsable(work.job(), file, declared);
    convert(work.job(), file, declared.diskFormat(), target, virtualSize);
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
      throw new ProblemException(Damage.wrongSize("The converted data", found, wanted));
    }
  }

  private OptionalLong requireUsable(Job job, Path file, Message.Content declared) {
    job.begin(() -> "Inspecting", () -> {});
    var inspection = vertx.executeBlocking(() -> inspect(file)).await();
    var virtualSize = rules.accept(inspection, declared.diskFormat(), declared.containerFormat());
    rules.sourceFormat(inspection, declared.diskFormat());
    qemuImg.requireWithinLimits(virtualSize);
    return virtualSize;
  }

  private void convert(Job job, Path file, String from, Path target, OptionalLong virtualSize)
      throws IOException {
    var percent = new AtomicInteger();
    var conversion = qemuImg.convert(file, from, target, format, done -> percent.set((int) done));
    job.begin(
        StepMeter.of(
            "Converting from %s to %s".formatted(from, format),
            () -> Math.round(virtualSize.orElse(0) / 100.0 * percent.get()),
            virtualSize),
        conversion::cancel);
    Future.fromCompletionStage(conversion.done(), vertx.getOrCreateContext())
        .recover(wrapped -> Future.failedFuture(Causes.bare(wrapped)))
        .await();
  }

  private static Inspection inspect(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return FormatInspector.inspect(channel);
    }
  }
}
