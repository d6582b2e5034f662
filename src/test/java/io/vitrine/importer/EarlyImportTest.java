package io.vitrine.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitrine.fetch.RegionImages;
import io.vitrine.fetch.Resumption;
import io.vitrine.format.FormatRules;
import io.vitrine.format.TestingFormatConfig;
import io.vitrine.format.qcow2.TestingQcow2Samples;
import io.vitrine.image.edit.ImageLimits;
import io.vitrine.image.problem.Problem;
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
import io.vitrine.importer.run.Failure;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.importer.transform.ImportContent;
import io.vitrine.importer.transform.ImportPlugin;
import io.vitrine.importer.transform.PluginSite;
import io.vitrine.importer.transform.StagingWriter;
import io.vitrine.importer.transform.TransformStage;
import io.vitrine.net.address.Url;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import io.vitrine.transfer.stream.BlobSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Imports whose images are converted while they are downloaded, with stores in memory. */
@Timeout(60)
class EarlyImportTest {
  private static final byte[] DISK = new byte[4 << 20];
  private static final int ATTEMPTS = 2;

  @TempDir private Path directory = Path.of("");

  private final TestingWorker worker = new TestingWorker();
  private final TestingSource source = TestingSource.start();
  private final FakeBlobs blobs = new FakeBlobs();
  private final FakeCheckpoints checkpoints = new FakeCheckpoints();
  private final FakeReports reports = new FakeReports();
  private final Slots slots = new Slots(new SlotsConfig(1, 2, 0));
  private final CountDownLatch held = new CountDownLatch(1);
  private byte[] image;
  private boolean isOn = true;
  private ScratchSpace scratch;
  private Path scratchPath;

  /** What came to the stores. */
  private byte @Nullable [] stored;

  /** Whether that was made while the data arrived. */
  private boolean wasEarly;

  EarlyImportTest() throws Exception {}

  @BeforeEach
  void open() throws IOException {
    new Random(1).nextBytes(DISK);
    image = TestingQcow2Samples.tablesInFront(DISK);
    new FakeStores(worker.vertx(), Files.createDirectory(directory.resolve("stores")));
    scratchPath = directory.resolve("scratch");
    scratch = ScratchSpace.open(scratchPath);
  }

  @AfterEach
  void close() throws Exception {
    held.countDown();
    worker.close();
    source.close();
    scratch.close();
  }

  @Test
  void convertsWhileTheDataArrives() throws Exception {
    var url =
        source.serve(
            client -> {
              TestingSource.send(client, image, image.length - 1);
              awaitConverted();
              client.write(image, image.length - 1, 1);
            });

    run(task(url), () -> true);

    assertStored(true);
    assertThat(reports.steps())
        .extracting(step -> step.getString("step"))
        .containsExactly("downloading", "inspecting", "converting from qcow2 to raw");
    assertThat(reports.steps().getLast().getLong("percent")).isEqualTo(100);
  }

  @Test
  void convertsAfterTheDownloadIfThatIsWanted() throws Exception {
    isOn = false;

    run(task(source.serve(image)), () -> true);

    assertStored(false);
  }

  @Test
  void convertsAfterTheDownloadIfThereIsNoRoomBefore() throws Exception {
    occupyTheOnlyPlace();

    run(task(source.serve(image)), () -> true);

    assertStored(false);
  }

  @Test
  void givesWayToOtherTasks() throws Exception {
    var url =
        source.serve(
            client -> {
              TestingSource.send(client, image, image.length - 1);
              awaitConverted();
              occupyTheOnlyPlace();
              client.write(image, image.length - 1, 1);
            });

    run(task(url), () -> true);

    assertStored(false);
  }

  @Test
  void startsOverWithTheDownload() throws Exception {
    var asked = new AtomicInteger();
    var other = new byte[image.length];
    System.arraycopy(image, 0, other, 0, image.length / 2);
    var url =
        source.serve(
            client -> {
              boolean isFirst = asked.incrementAndGet() == 1;
              TestingSource.send(
                  client, isFirst ? other : image, isFirst ? image.length / 2 : image.length);
            });

    run(task(url), () -> true);

    assertThat(asked).hasValue(2);
    assertStored(true);
  }

  @Test
  void leavesNothingBehindOfADownloadThatFails() {
    var url = source.serve(client -> TestingSource.send(client, image, image.length - 1));

    var failure = catchThrowable(() -> run(task(url), () -> true));

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.COUNTED);
    assertNothingLeft();
  }

  @Test
  void saysWhatIsWrongWithAnImage() {
    var cut = Arrays.copyOf(image, image.length - 1);

    var failure = catchThrowable(() -> run(task(source.serve(cut)), () -> true));

    assertThat(failure).hasMessageContaining("is cut off: needs");
    assertNothingLeft();
  }

  @Test
  void leavesNothingBehindWhenItIsStopped() throws Exception {
    var task = task(source.serve(this::sendMost));
    var run = worker.run(task, reports);
    var stopping =
        Thread.startVirtualThread(
            () -> {
              awaitConverted();
              worker.vertx().runOnContext(now -> run.stop(new Problem.Interrupted("It stops.")));
            });

    var failure = catchThrowable(() -> run(run, () -> true));

    assertThat(failure).isNotNull();
    stopping.join();
    assertNothingLeft();
  }

  @Test
  void leavesNothingBehindOfWhatItHandsOn() throws Exception {
    run(task(source.serve(image)), () -> false);

    assertThat(checkpoints.events()).containsExactly("staged");
    assertThat(stored).isNull();
    assertNothingLeft();
  }

  private void occupyTheOnlyPlace() throws IOException {
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

  private void sendMost(OutputStream client) throws IOException {
    TestingSource.send(client, image, image.length - 1);
    try {
      held.await();
    } catch (InterruptedException stopped) {
      throw new IOException(stopped);
    }
  }

  /** Waits until a half of the disk is in the scratch directory. */
  private void awaitConverted() {
    var half = Arrays.copyOf(DISK, DISK.length / 2);
    TestingConditions.await(
        "the first half of the disk",
        () ->
            scratchFiles().stream()
                .anyMatch(file -> Arrays.equals(start(file, half.length), half)));
  }

  private static byte[] start(Path file, int length) {
    try (var content = Files.newInputStream(file)) {
      return content.readNBytes(length);
    } catch (IOException gone) {
      return new byte[0];
    }
  }

  private List<Path> scratchFiles() {
    try (var files = Files.walk(scratchPath)) {
      return files.filter(file -> file.endsWith("converted")).toList();
    } catch (IOException | RuntimeException gone) {
      return List.of();
    }
  }

  private void assertStored(boolean early) {
    assertThat(Arrays.equals(stored, DISK)).isTrue();
    assertThat(wasEarly).isEqualTo(early);
    assertNothingLeft();
  }

  private void assertNothingLeft() {
    assertThat(scratchPath.toFile().list()).containsExactlyInAnyOrder(".vitrine", "lock");
  }

  private static ImportTask task(String url) {
    return new TestingImports(new ImportMethod.WebDownload(Url.parse(url), Optional.empty()))
        .head(TestingImports.head(TestingImports.image("qcow2"), 1))
        .task();
  }

  private void run(ImportTask task, BooleanSupplier goOn) throws Exception {
    run(worker.run(task, reports), goOn);
  }

  private void run(TaskRun<ImportTask> run, BooleanSupplier goOn) throws Exception {
    worker.call(
        () -> {
          try {
            return pipeline().run(run, goOn);
          } finally {
            run.conclude(Optional.empty());
          }
        });
  }

  private ImportPipeline pipeline() {
    var limits = new ImageLimits(List.of("qcow2"), List.of("bare"), -1, -1);
    var plugin =
        new ConversionConfig("builtin", "raw", isOn, TestingImages.LIMITS, "qemu-img")
            .open(
                new PluginSite(
                    worker.vertx(), new FormatRules(TestingFormatConfig.DEFAULT), limits, scratch));
    var early = new EarlyPlaces(plugin.early().orElse(EarlyWork.NONE), slots);
    var writes = new BlobWrites(worker.loop(), blobs, worker.stores(), Long.MAX_VALUE);
    return new ImportPipeline(
        worker.vertx(),
        new ImportPipeline.Leftovers(scratch, early),
        new ImportPipeline.Stages(
            acquire(writes, early, limits),
            transform(writes, plugin),
            (run, content) -> store(run, content),
            (run, failures) -> "done"));
  }

  private List<StoreFailure> store(TaskRun<ImportTask> run, ImportContent content)
      throws IOException {
    var file = ((BlobSource.InFile) content.source().get()).path();
    stored = Files.readAllBytes(file);
    wasEarly = !file.startsWith(scratchPath.resolve(run.task().id().toString()));
    return List.of();
  }

  private TransformStage transform(BlobWrites writes, ImportPlugin plugin) {
    return new TransformStage(
        List.of(plugin),
        new StagedBlobs(worker.vertx(), worker.stores()),
        new StagingWriter(worker.vertx(), writes, checkpoints),
        scratch);
  }

  private AcquireStage acquire(BlobWrites writes, EarlyWork early, ImageLimits limits) {
    var staging = new StagingDownload(writes, early);
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
        new StagedCheckpoint(writes, checkpoints),
        new StagedDigest(new StagedBlobs(worker.vertx(), worker.stores()), scratch),
        new ImageCopies(worker.stores()));
  }
}
