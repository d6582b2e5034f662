package io.vitrine.importer;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vitrine.catalog.blobs.ImportBlobs;
import io.vitrine.catalog.tasks.ImportCheckpoints;
import io.vitrine.catalog.tasks.LocationResults;
import io.vitrine.catalog.tasks.TaskEnd;
import io.vitrine.catalog.tasks.TaskQueue;
import io.vitrine.fetch.Fetcher;
import io.vitrine.fetch.RegionImages;
import io.vitrine.fetch.WebStores;
import io.vitrine.importer.acquire.AcquireStage;
import io.vitrine.importer.acquire.DownloadRetry;
import io.vitrine.importer.acquire.Downloads;
import io.vitrine.importer.acquire.ImageCopies;
import io.vitrine.importer.acquire.RegionDownload;
import io.vitrine.importer.acquire.SourceRules;
import io.vitrine.importer.acquire.StagedCheckpoint;
import io.vitrine.importer.acquire.StagedDigest;
import io.vitrine.importer.acquire.StagingDownload;
import io.vitrine.importer.blob.BlobWrites;
import io.vitrine.importer.blob.EarlyWork;
import io.vitrine.importer.blob.ScratchSpace;
import io.vitrine.importer.blob.StagedBlobs;
import io.vitrine.importer.distribute.DistributeStage;
import io.vitrine.importer.distribute.StoreWriter;
import io.vitrine.importer.finish.FailedRuns;
import io.vitrine.importer.finish.FinishStage;
import io.vitrine.importer.finish.RetryPolicy;
import io.vitrine.importer.finish.SkippedTasks;
import io.vitrine.importer.finish.TaskEndings;
import io.vitrine.importer.location.LocationCheck;
import io.vitrine.importer.run.RunObservers;
import io.vitrine.importer.transform.ImportPlugin;
import io.vitrine.importer.transform.StagingWriter;
import io.vitrine.importer.transform.TransformStage;
import io.vitrine.transfer.stream.StoreClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The parts that a worker of imports is made of.
 *
 * @param catalog where tasks and blobs are recorded
 * @param isLocationHashed whether data at URLs of other servers is hashed
 * @param plugins in the order of their application
 * @param loop the event loop for downloads
 */
public record ImportParts(
    Vertx vertx,
    Context loop,
    Catalog catalog,
    StoreClient stores,
    StoreWriter.Certificates certificates,
    Fetcher fetcher,
    WebStores webStores,
    RegionImages regions,
    SourceRules sourceRules,
    List<ImportPlugin> plugins,
    ScratchSpace scratch,
    RunObservers observers,
    long sizeCapBytes,
    boolean isLocationHashed,
    Bounds bounds) {
  private static final Duration POLL = Duration.ofSeconds(2);
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

  /** Longer than the interval at which other workers poll the queue. */
  private static final Duration SKIPPED_FOR = Duration.ofSeconds(5);

  /** Copies the list. */
  public ImportParts {
    plugins = List.copyOf(plugins);
  }

  /** What workers record in the catalog. */
  public record Catalog(
      TaskQueue queue,
      ImportBlobs journal,
      ImportCheckpoints checkpoints,
      LocationResults locations,
      TaskEnd end) {}

  /**
   * Bounds of retries and concurrency.
   *
   * @param downloadAttempts attempts of a download that breaks
   * @param parallelStores how many stores of an image are written to concurrently
   */
  public record Bounds(int downloadAttempts, int parallelStores) {}

  /**
   * Makes a worker of these parts.
   *
   * @param nodePatience how long a task waits for an unreachable node with its data
   * @param grace how long running tasks may continue when the worker stops
   */
  public ImportVerticle worker(ImportConfig config, Duration nodePatience, Duration grace) {
    var slots = new Slots(config.slots());
    var early = new EarlyPlaces(early(), slots);
    var skipped = new SkippedTasks(SKIPPED_FOR);
    var endings = new TaskEndings(catalog.end(), catalog.queue());
    var finish = new FinishStage(endings);
    var failed =
        new FailedRuns(vertx, endings, skipped, new RetryPolicy(config.retries(), nodePatience));
    var location =
        new LocationCheck(loop, webStores, catalog.locations(), sizeCapBytes, isLocationHashed);
    return new ImportVerticle(
        catalog.queue(),
        new ImportVerticle.Work(
            pipeline(finish, early),
            (run, goOn) -> {
              location.run(run);
              var _ = finish.endLocation(run);
              return true;
            },
            finish,
            failed),
        observers,
        new ImportVerticle.Settings(
            slots, config.retries(), new ImportVerticle.Times(POLL, grace)));
  }

  private EarlyWork early() {
    return plugins.stream()
        .map(ImportPlugin::early)
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(EarlyWork.NONE);
  }

  private ImportPipeline pipeline(FinishStage finish, EarlyWork early) {
    var writes = new BlobWrites(loop, catalog.journal(), stores, sizeCapBytes);
    var staged = new StagedBlobs(vertx, stores);
    return new ImportPipeline(
        vertx,
        new ImportPipeline.Leftovers(scratch, early),
        new ImportPipeline.Stages(
            acquire(writes, staged, early),
            new TransformStage(
                plugins, staged, new StagingWriter(vertx, writes, catalog.checkpoints()), scratch),
            new DistributeStage(
                new StoreWriter(vertx, writes, certificates, webStores),
                catalog.checkpoints(),
                bounds.parallelStores()),
            finish));
  }

  private AcquireStage acquire(BlobWrites writes, StagedBlobs staged, EarlyWork early) {
    var staging = new StagingDownload(writes, early);
    return new AcquireStage(
        new Downloads(
            fetcher::download,
            new RegionDownload(loop, regions, sourceRules, staging),
            staging,
            new DownloadRetry(vertx, bounds.downloadAttempts(), RETRY_PAUSE)),
        new StagedCheckpoint(writes, catalog.checkpoints()),
        new StagedDigest(staged, scratch),
        new ImageCopies(stores));
  }
}
