package io.vitrine.importer.acquire;

import static io.vitrine.image.problem.ProblemException.interrupted;
import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vitrine.fetch.RegionImages;
import io.vitrine.image.Image;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.RegionAccess;
import io.vitrine.image.task.SourceImage;
import io.vitrine.importer.blob.BlobWrites;
import io.vitrine.importer.blob.UncommittedBlob;
import io.vitrine.importer.run.DataMismatch;
import io.vitrine.importer.run.SourceFailure;
import io.vitrine.importer.run.Step;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.transfer.bus.Message;
import java.util.List;

/** Stages images of other regions. Every method blocks, as those of {@link BlobWrites}. */
public final class RegionDownload {
  private final Context loop;
  private final RegionImages regions;
  private final SourceRules rules;
  private final StagingDownload staging;

  /**
   * Downloads from the Image APIs of other regions.
   *
   * @param loop the event loop for downloads
   */
  public RegionDownload(
      Context loop, RegionImages regions, SourceRules rules, StagingDownload staging) {
    this.loop = loop;
    this.regions = regions;
    this.rules = rules;
    this.staging = staging;
  }

  /** Reads the source image's metadata; fails if it cannot be imported. */
  SourceImage ask(TaskRun<?> run, ImportMethod.GlanceDownload method) {
    var access = access(method);
    var done = Promise.<JsonObject>promise();
    run.begin(
        Step.Simple.ASKING_REGION, () -> done.tryFail(interrupted("The download was cancelled.")));
    run.on(loop)
        .runOnContext(
            begin ->
                regions
                    .describe(access, method.image())
                    .onSuccess(done::tryComplete)
                    .onFailure(failure -> done.tryFail(SourceFailure.ofSource(failure))));
    var source = rules.read(done.future().await());
    var _ = rules.apply(source, run.task().image());
    return source;
  }

  /** Downloads the data, whose length must match the metadata. */
  UncommittedBlob download(
      TaskRun<ImportTask> run, ImportMethod.GlanceDownload method, SourceImage source) {
    var access = access(method);
    var written =
        staging.run(
            run,
            new StagingDownload.Remote(
                () -> regions.data(access, method.image()),
                describe(source, run.task().image()),
                List.of()));
    return staging
        .writes()
        .orAbandon(
            written.blob(),
            () -> {
              requireSame(written.written(), source);
              return written;
            });
  }

  private static void requireSame(Message.Written found, SourceImage source) {
    if (found.sizeBytes() != source.sizeBytes()) {
      throw invalid(
          "The other region sent %d bytes of an image of %d."
              .formatted(found.sizeBytes(), source.sizeBytes()));
    }
    var digests = found.digests();
    if (digests.isPresent()
        && source.digests().isPresent()
        && !source.digests().get().agreesWith(digests.get())) {
      throw new ProblemException(
          DataMismatch.wrongDigest(
              "What the other region sent", digests.get(), source.digests().get()));
    }
  }

  /** The image with the metadata of its source. */
  Image describe(SourceImage source, Image image) {
    return rules.apply(source, image);
  }

  private static RegionAccess access(ImportMethod.GlanceDownload method) {
    return method
        .access()
        .orElseThrow(
            () ->
                invalid(
                    "The service catalog has no image service of that region and interface, or this worker cannot see it; in that case, import again."));
  }
}
