package io.vitrine.importer.acquire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitrine.fetch.RegionImages;
import io.vitrine.fetch.Resumption;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.edit.ImageLimits;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.FakeBlobs;
import io.vitrine.importer.FakeCheckpoints;
import io.vitrine.importer.FakeReports;
import io.vitrine.importer.FakeStores;
import io.vitrine.importer.TestingFetcher;
import io.vitrine.importer.TestingImports;
import io.vitrine.importer.TestingWorker;
import io.vitrine.importer.blob.BlobWrites;
import io.vitrine.importer.blob.EarlyWork;
import io.vitrine.importer.blob.ScratchSpace;
import io.vitrine.importer.blob.StagedBlobs;
import io.vitrine.importer.run.Failure;
import io.vitrine.importer.run.StagedDataLost;
import io.vitrine.net.address.Url;
import io.vitrine.testing.TestingSource;
import io.vitrine.transfer.stream.BlobSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcquireStageTest {
  private static final byte[] DATA = new byte[200_000];
  private static final int ATTEMPTS = 3;

  @TempDir Path directory;

  private final TestingWorker worker = new TestingWorker();
  private final TestingSource source = TestingSource.start();
  private final FakeBlobs blobs = new FakeBlobs();
  private final FakeCheckpoints checkpoints = new FakeCheckpoints();
  private final FakeReports reports = new FakeReports();
  private FakeStores stores;
  private ScratchSpace scratch;

  AcquireStageTest() throws Exception {}

  @BeforeEach
  void open() throws IOException {
    new Random(1).nextBytes(DATA);
    stores = new FakeStores(worker.vertx(), Files.createDirectory(directory.resolve("stores")));
    scratch = ScratchSpace.open(directory.resolve("scratch"));
  }

  @AfterEach
  void close() throws Exception {
    worker.close();
    source.close();
    scratch.close();
  }

  @Test
  void stagesWhatItDownloadsAsACheckpoint() throws Exception {
    var task = new TestingImports(web(source.serve(DATA))).task();

    var acquired = acquire(task);

    assertThat(checkpoints.events()).containsExactly("staged");
    var staged = checkpoints.staged().getFirst();
    assertThat(stores.get(staged.blob())).isEqualTo(DATA);
    assertThat(staged.sha512()).contains(FakeStores.digests(DATA).orElseThrow().value());
    assertThat(acquired).isEqualTo(new Acquired.Staged(task.image(), staged, Optional.empty()));
    assertThat(reports.steps()).extracting(step -> step.getString("step")).contains("downloading");
  }

  @Test
  void downloadsNothingThatIsStagedAlready() throws Exception {
    var staged = staged();
    var task = new TestingImports(web("http://127.0.0.1:1/")).staged(staged).task();

    var acquired = acquire(task);

    assertThat(acquired).isEqualTo(new Acquired.Staged(task.image(), staged, Optional.empty()));
    assertThat(checkpoints.events()).isEmpty();
  }

  private String refusing(String status, AtomicInteger asked) {
    return source.serve(
        client -> {
          asked.incrementAndGet();
          client.write(
              "HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n"
                  .formatted(status)
                  .getBytes(StandardCharsets.US_ASCII));
        });
  }

  @Test
  void triesASourceThatIsDownAgainButNotForEver() {
    var asked = new AtomicInteger();
    var url = refusing("503 Busy", asked);

    var failure = catchThrowable(() -> acquire(new TestingImports(web(url)).task()));

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.COUNTED);
    assertThat(asked).hasValue(ATTEMPTS);
    assertThat(blobs.aborted()).hasSize(ATTEMPTS).isEqualTo(blobs.begun());
    assertThat(checkpoints.events()).isEmpty();
  }

  @Test
  void triesASourceThatRefusesOnlyOnce() {
    var asked = new AtomicInteger();
    var url = refusing("404 Not Found", asked);

    var failure = catchThrowable(() -> acquire(new TestingImports(web(url)).task()));

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(asked).hasValue(1);
  }

  @Test
  void blamesAStoreThatIsDownOnTheService() {
    stores.refuse(BlobRef.STAGING_STORE, ProblemException.unavailable("down"));

    var failure = catchThrowable(() -> acquire(new TestingImports(web(source.serve(DATA))).task()));

    assertThat(Failure.of(failure)).isEqualTo(new Failure(Failure.Kind.TRANSIENT, "down"));
    assertThat(blobs.begun()).hasSize(1);
  }

  @Test
  void abandonsADownloadThatTheCatalogDoesNotTake() {
    checkpoints.failWith(ProblemException.tooLarge("quota"));

    assertThatThrownBy(() -> acquire(new TestingImports(web(source.serve(DATA))).task()))
        .isInstanceOf(ProblemException.class);

    assertThat(blobs.aborted()).hasSize(1).isEqualTo(stores.deleted());
  }

  @Test
  void takesStagedDataOnlyWithTheDigestThatTheUserClaims() throws Exception {
    var right = new HashClaim(HashAlgorithm.SHA512, FakeStores.digests(DATA).orElseThrow().value());
    var wrong = new HashClaim(HashAlgorithm.MD5, "0".repeat(32));
    var staged = staged();

    assertThat(acquire(new TestingImports(direct(right)).staged(staged).task()))
        .isInstanceOf(Acquired.Staged.class);
    var failure =
        catchThrowable(() -> acquire(new TestingImports(direct(wrong)).staged(staged).task()));

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(reports.steps()).extracting(step -> step.getString("step")).contains("verifying");
  }

  @Test
  void comparesNoDigestWithWhatPluginsHaveMadeOfTheData() throws Exception {
    var wrong = new HashClaim(HashAlgorithm.MD5, "0".repeat(32));
    var task = new TestingImports(direct(wrong)).staged(staged()).plugins("x").task();

    assertThat(acquire(task)).isInstanceOf(Acquired.Staged.class);
  }

  @Test
  void tellsThatStagedDataIsGone() throws Exception {
    var claim = new HashClaim(HashAlgorithm.MD5, "0".repeat(32));
    var gone = new StoredBlob(blob(BlobRef.STAGING_STORE), 5, Optional.empty());

    assertThatThrownBy(() -> acquire(new TestingImports(direct(claim)).staged(gone).task()))
        .isInstanceOf(StagedDataLost.class);
  }

  @Test
  void copiesFromTheFirstStoreThatCanBeRead() throws Exception {
    var absent = blob("a");
    var present = stores.put(blob("b"), DATA).blob();
    var task = new TestingImports(new ImportMethod.CopyImage()).copies(absent, present).task();

    var acquired = (Acquired.InStore) acquire(task);
    var opened = (BlobSource.InFile) worker.call(acquired.source()::get);

    assertThat(Files.readAllBytes(opened.path())).isEqualTo(DATA);
    assertThat(blobs.begun()).isEmpty();
  }

  @Test
  void refusesACopyOfNothingAndStagedDataThatIsGoneForGood() {
    for (var method :
        List.of(new ImportMethod.CopyImage(), new ImportMethod.GlanceDirect(Optional.empty()))) {
      var failure = catchThrowable(() -> acquire(new TestingImports(method).task()));

      assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.PERMANENT);
    }
  }

  private static ImportMethod web(String url) {
    return new ImportMethod.WebDownload(Url.parse(url), Optional.empty());
  }

  private static ImportMethod direct(HashClaim claim) {
    return new ImportMethod.GlanceDirect(Optional.of(claim));
  }

  private StoredBlob staged() throws IOException {
    return stores.put(blob(BlobRef.STAGING_STORE), DATA);
  }

  private static BlobRef blob(String store) {
    return new BlobRef(
        UUID.randomUUID(),
        TestingImports.image().id(),
        BlobRef.Purpose.STAGING,
        new BlobRef.Place(store, TestingWorker.NODE));
  }

  private Acquired acquire(ImportTask task) throws Exception {
    var writes = new BlobWrites(worker.loop(), blobs, worker.stores(), Long.MAX_VALUE);
    var staging = new StagingDownload(writes, EarlyWork.NONE);
    var stage =
        new AcquireStage(
            new Downloads(
                TestingFetcher.on(worker.vertx(), source.port())::download,
                new RegionDownload(worker.loop(), regions(), rules(), staging),
                staging,
                new DownloadRetry(worker.vertx(), ATTEMPTS, Duration.ofMillis(1))),
            new StagedCheckpoint(writes, checkpoints),
            new StagedDigest(new StagedBlobs(worker.vertx(), worker.stores()), scratch),
            new ImageCopies(worker.stores()));
    return worker.call(
        () -> {
          var run = worker.run(task, reports);
          try {
            return stage.run(run, task);
          } finally {
            run.conclude(Optional.empty());
          }
        });
  }

  private RegionImages regions() {
    return new RegionImages(
        worker.vertx(),
        Optional.empty(),
        Resumption.defaults(),
        new RegionImages.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5)));
  }

  private static SourceRules rules() {
    return new SourceRules(List.of(), new ImageLimits(List.of("raw"), List.of("bare"), -1, -1));
  }
}
