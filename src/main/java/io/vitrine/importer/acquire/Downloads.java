package io.vitrine.importer.acquire;

import static io.vitrine.image.problem.ProblemException.conflict;

import io.vertx.core.Future;
import io.vitrine.fetch.ResumingBody;
import io.vitrine.image.Image;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.SourceImage;
import io.vitrine.importer.blob.BlobWrites;
import io.vitrine.importer.blob.UncommittedBlob;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.net.address.Url;
import java.util.Optional;

/** Downloads what import methods name. Every method blocks, as those of {@link BlobWrites}. */
public final class Downloads {
  private final WebSource web;
  private final RegionDownload regions;
  private final StagingDownload staging;
  private final DownloadRetry retry;

  /** Opens what users' URLs name. */
  @FunctionalInterface
  public interface WebSource {
    /** The data at a URL, as one resuming stream. */
    Future<ResumingBody> download(Url url);
  }

  /** Downloads from these sources, again if a download breaks. */
  public Downloads(
      WebSource web, RegionDownload regions, StagingDownload staging, DownloadRetry retry) {
    this.web = web;
    this.regions = regions;
    this.staging = staging;
    this.retry = retry;
  }

  /** Downloaded data that is no checkpoint yet, and the image of another region it comes from. */
  record Downloaded(UncommittedBlob data, Optional<SourceImage> source) {}

  /** Downloads the data of an import; fails if its method needs data that is here already. */
  Downloaded run(TaskRun<ImportTask> run) {
    return switch (run.task().method()) {
      case ImportMethod.GlanceDirect _ ->
          throw conflict("The staged data is no longer there; stage it again.");
      case ImportMethod.CopyImage _ -> throw conflict("The image has no data to copy.");
      case ImportMethod.WebDownload(var url, var claim) ->
          new Downloaded(
              retry.run(
                  run,
                  () ->
                      staging.run(
                          run,
                          new StagingDownload.Remote(
                              () -> web.download(url),
                              run.task().image(),
                              claim.stream().toList()))),
              Optional.empty());
      case ImportMethod.GlanceDownload method -> {
        var source = retry.run(run, () -> regions.ask(run, method));
        var data = retry.run(run, () -> regions.download(run, method, source));
        yield new Downloaded(data, Optional.of(source));
      }
    };
  }

  /** The image with what it takes over from an image of another region. */
  Image describe(SourceImage source, Image image) {
    return regions.describe(source, image);
  }
}
