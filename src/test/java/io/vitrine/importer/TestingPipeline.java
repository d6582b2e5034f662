package io.vitrine.importer;

import io.vitrine.fetch.RegionImages;
import io.vitrine.fetch.Resumption;
import io.vitrine.format.FormatRules;
import io.vitrine.format.TestingFormatConfig;
import io.vitrine.image.edit.ImageLimits;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
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
import io.vitrine.importer.convert.ConversionConfig;
import io.vitrine.importer.distribute.StoreFailure;
import io.vitrine.importer.run.ImportStage;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.importer.transform.ImportContent;
import io.vitrine.importer.transform.ImportPlugin;
import io.vitrine.importer.transform.PluginSite;
import io.vitrine.importer.transform.StagingWriter;
import io.vitrine.importer.transform.TransformStage;
import io.vitrine.net.address.Url;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Imports that convert to raw what they download, in a directory, with a journal in memory. */
final class TestingPipeline implements AutoCloseable {
  private static final int ATTEMPTS = 2;

  private final TestingWorker worker = new TestingWorker();
  private final TestingSource source = TestingSource.start();
  private final FakeBlobs blobs = new FakeBlobs();
  private final FakeCheckpoints checkpoints = new FakeCheckpoints();
  private final FakeReports reports = new FakeReports();
  private final Slots slots = new Slots(new SlotsConfig(1, 2, 0));
  private final FakeStores stores;
  private final Path scratchPath;
  private final ScratchSpace scratch;

  TestingPipeline(Path directory) throws Exception {
    stores = new FakeStores(worker.vertx(), Files.createDirectory(directory.resolve("stores")));
    scratchPath = directory.resolve("scratch");
    scratch = ScratchSpace.open(scratchPath);
  }

  TestingWorker worker() {
    return worker;
  }

  TestingSource source() {
    return source;
  }

  FakeBlobs blobs() {
    return blobs;
  }

  FakeCheckpoints checkpoints() {
    return checkpoints;
  }

  FakeReports reports() {
    return reports;
  }

  FakeStores stores() {
    return stores;
  }

  Path scratchPath() {
    return scratchPath;
  }

  BlobWrites writes() {
    return new BlobWrites(worker.loop(), blobs, worker.stores(), Long.MAX_VALUE);
  }

  /** An import of a QCOW2 image from a URL to stores. */
  static ImportTask task(String url, String... stores) {
    return new TestingImports(new ImportMethod.WebDownload(Url.parse(url), Optional.empty()))
        .head(TestingImports.head(TestingImports.image("qcow2"), 1))
        .stores(stores)
        .task();
  }

  /** Stages a QCOW2 image. */
  StoredBlob stage(byte[] image) throws IOException {
    var blob =
        new BlobRef(
            UUID.randomUUID(),
            TestingImports.image("qcow2").id(),
            BlobRef.Purpose.STAGING,
            new BlobRef.Place(BlobRef.STAGING_STORE, TestingWorker.NODE));
    return stores.put(blob, image);
  }

  /** An import of a staged QCOW2 image to stores. */
  static ImportTask staged(StoredBlob blob, String... stores) {
    return new TestingImports(new ImportMethod.GlanceDirect(Optional.empty()))
        .head(TestingImports.head(TestingImports.image("qcow2"), 1))
        .staged(blob)
        .stores(stores)
        .task();
  }

  /** Another task takes the only place for tasks that compute. */
  void occupyTheOnlyPlace() throws IOException {
    var task = new TestingImports(new ImportMethod.CopyImage()).task();
    try {
      worker.call(
          () -> {
            slots.enter(task);
            return true;
          });
    } catch (Exception failure) {
      throw new IOException(failure);
    }
  }

  /**
   * Runs an import.
   *
   * @param early whether images are converted while they arrive
   * @param goOn whether there is room to go on when the data is staged
   */
  void run(
      TaskRun<ImportTask> run,
      boolean early,
      BooleanSupplier goOn,
      ImportStage<ImportContent, List<StoreFailure>> distribute)
      throws Exception {
    var pipeline = pipeline(early, distribute);
    worker.call(
        () -> {
          try {
            return pipeline.run(run, goOn);
          } finally {
            run.conclude(Optional.empty());
          }
        });
  }

  private ImportPipeline pipeline(
      boolean isEarly, ImportStage<ImportContent, List<StoreFailure>> distribute) {
    var limits = new ImageLimits(List.of("qcow2"), List.of("bare"), -1, -1);
    var plugin =
        new ConversionConfig("builtin", "raw", isEarly, TestingImages.LIMITS, "qemu-img")
            .open(
                new PluginSite(
                    worker.vertx(), new FormatRules(TestingFormatConfig.DEFAULT), limits, scratch));
    var early = new EarlyPlaces(plugin.early().orElse(EarlyWork.NONE), slots);
    return new ImportPipeline(
        worker.vertx(),
        new ImportPipeline.Leftovers(scratch, early),
        new ImportPipeline.Stages(
            acquire(early, limits), transform(plugin), distribute, (run, failures) -> "done"));
  }

  private TransformStage transform(ImportPlugin plugin) {
    return new TransformStage(
        List.of(plugin),
        new StagedBlobs(worker.vertx(), worker.stores()),
        new StagingWriter(worker.vertx(), writes(), checkpoints),
        scratch);
  }

  private AcquireStage acquire(EarlyWork early, ImageLimits limits) {
    var staging = new StagingDownload(writes(), early);
    var regions =
        new RegionImages(
            worker.vertx(),
            Optional.empty(),
            Resumption.defaults(),
            new RegionImages.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5)));
    return new AcquireStage(
        new Downloads(
            TestingFetcher.on(worker.vertx(), source.port())::download,
            new RegionDownload(worker.loop(), regions, new SourceRules(List.of(), limits), staging),
            staging,
            new DownloadRetry(worker.vertx(), ATTEMPTS, Duration.ofMillis(1))),
        new StagedCheckpoint(writes(), checkpoints),
        new StagedDigest(new StagedBlobs(worker.vertx(), worker.stores()), scratch),
        new ImageCopies(worker.stores()));
  }

  @Override
  public void close() throws IOException, TimeoutException {
    worker.close();
    source.close();
    scratch.close();
  }
}
