package io.vitrine.importer.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import io.vitrine.fetch.WebStores;
import io.vitrine.image.Digests;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.FakeBlobs;
import io.vitrine.importer.FakeCheckpoints;
import io.vitrine.importer.FakeReports;
import io.vitrine.importer.FakeStores;
import io.vitrine.importer.TestingImports;
import io.vitrine.importer.TestingWorker;
import io.vitrine.importer.blob.BlobWrites;
import io.vitrine.importer.blob.EarlyBlob;
import io.vitrine.importer.run.Failure;
import io.vitrine.importer.run.StagedDataLost;
import io.vitrine.importer.transform.ImportContent;
import io.vitrine.testing.TestingConditions;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributeStageTest {
  private static final ImportMethod DIRECT = new ImportMethod.GlanceDirect(Optional.empty());
  private static final byte[] DATA = new byte[300_000];

  @TempDir Path directory;

  private final TestingWorker worker = new TestingWorker();
  private final FakeBlobs blobs = new FakeBlobs();
  private final FakeCheckpoints checkpoints = new FakeCheckpoints();
  private final FakeReports reports = new FakeReports();
  private FakeStores stores;

  DistributeStageTest() throws Exception {}

  @BeforeEach
  void open() throws IOException {
    new Random(1).nextBytes(DATA);
    Files.write(directory.resolve("staged"), DATA);
    stores = new FakeStores(worker.vertx(), Files.createDirectory(directory.resolve("stores")));
  }

  @AfterEach
  void close() throws Exception {
    worker.close();
  }

  @Test
  void writesTheSameDataToAllStoresAndRecordsEach() throws Exception {
    var failures = distribute(new TestingImports(DIRECT).task(), Optional.empty(), 2);

    assertThat(failures).isEmpty();
    assertThat(checkpoints.events()).containsExactlyInAnyOrder("stored in a", "stored in b");
    for (var outcome : checkpoints.outcomes()) {
      assertThat(stores.get(outcome.blob())).isEqualTo(DATA);
      assertThat(outcome.digests().value()).isEqualTo(digests(DATA).value());
      assertThat(outcome.properties()).containsEntry("os_version", "1");
    }
    assertThat(reports.steps()).extracting(step -> step.getString("step")).containsOnly("storing");
    assertThat(blobs.aborted()).isEmpty();
  }

  @Test
  void failsTheImportIfAStoreRefusesThatMustNot() {
    stores.refuse("a", ProblemException.invalid("no such format"));

    assertThatThrownBy(() -> distribute(new TestingImports(DIRECT).task(), Optional.empty(), 1))
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure ->
                assertThat(failure.problem()).isEqualTo(new Problem.Invalid("no such format")));

    assertThat(checkpoints.events()).containsExactly("failed in a");
    assertThat(blobs.aborted()).extracting(BlobRef::store).containsExactly("a");
  }

  @Test
  void leavesOutAStoreThatMayFail() throws Exception {
    stores.refuse("a", ProblemException.invalid("no such format"));
    stores.refuse("b", ProblemException.full("no space"));
    var task = new TestingImports(DIRECT).stores("b", "a", "c").storesMayFail().task();

    var failures = distribute(task, Optional.empty(), 1);

    assertThat(failures)
        .containsExactly(
            new StoreFailure("a", "no such format"), new StoreFailure("b", "no space"));
    assertThat(checkpoints.events()).containsExactly("failed in a", "stored in c", "failed in b");
  }

  @Test
  void handsTheTaskBackIfNoStoreTakesTheDataNow() {
    stores.refuse("a", ProblemException.unavailable("a is down"));
    stores.refuse("b", ProblemException.invalid("no such format"));
    var task = new TestingImports(DIRECT).storesMayFail().task();

    var failure = catchThrowable(() -> distribute(task, Optional.empty(), 1));

    assertThat(Failure.of(failure)).isEqualTo(new Failure(Failure.Kind.TRANSIENT, "a is down"));
  }

  @Test
  void givesUpStagedDataThatIsNoLongerWhatWasStaged() {
    var other = digests(new byte[] {1});

    var failure =
        catchThrowable(() -> distribute(new TestingImports(DIRECT).task(), Optional.of(other), 1));

    assertThat(failure).isInstanceOf(StagedDataLost.class);
    assertThat(checkpoints.outcomes()).isEmpty();
    assertThat(blobs.aborted()).hasSize(1).isEqualTo(stores.deleted());
  }

  @Test
  void abandonsABlobThatTheCatalogDoesNotTake() {
    checkpoints.failWith(ProblemException.gone("deleted"));

    var failure =
        catchThrowable(() -> distribute(new TestingImports(DIRECT).task(), Optional.empty(), 1));

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.GONE);
    assertThat(blobs.aborted()).hasSize(1).isEqualTo(stores.deleted());
  }

  @Test
  void writesNothingToStoresThatHaveTheData() throws Exception {
    var task = new TestingImports(DIRECT).stores().copies(copy()).task();

    assertThat(distribute(task, Optional.empty(), 2)).isEmpty();
    assertThat(blobs.begun()).isEmpty();
  }

  @Test
  void finishesWhatIsInTheStoreAlready() throws Exception {
    var task = new TestingImports(DIRECT).stores("a").task();
    var early = early(task);

    assertThat(distribute(task, content(Optional.empty()).storedIn(early), 1)).isEmpty();

    assertThat(blobs.begun()).containsExactly(early.ref());
    assertThat(checkpoints.outcomes().getLast().digests()).isEqualTo(digests(DATA));
    assertThat(blobs.aborted()).isEmpty();
    assertThat(stores.get(early.ref())).isEqualTo(DATA);
  }

  @Test
  void writesAgainWhatTheStoreGaveUp() throws Exception {
    var task = new TestingImports(DIRECT).stores("a").task();
    var early = early(task);
    stores.breakOff("a");
    TestingConditions.await("the end of the blob", () -> !early.isOfUse());

    assertThat(distribute(task, content(Optional.empty()).storedIn(early), 1)).isEmpty();

    assertThat(blobs.begun()).hasSize(2);
    assertThat(blobs.aborted()).containsExactly(early.ref());
    assertThat(stores.get(checkpoints.outcomes().getLast().blob())).isEqualTo(DATA);
  }

  @Test
  void abandonsWhatCannotBeCommitted() throws Exception {
    var task = new TestingImports(DIRECT).stores("a").task();
    var early = early(task);
    checkpoints.failWith(ProblemException.gone("The lease is lost."));

    var content = content(Optional.empty()).storedIn(early);
    assertThatThrownBy(() -> distribute(task, content, 1)).hasMessageContaining("lease is lost");

    assertThat(blobs.aborted()).containsExactly(early.ref());
  }

  private EarlyBlob early(ImportTask task) throws InterruptedException {
    var early =
        writes().openEarly(task.image(), "a", DATA.length, new Message.Content("raw", "bare"));
    early.write(ByteBuffer.wrap(DATA));
    return early;
  }

  private static BlobRef copy() {
    return new BlobRef(
        UUID.randomUUID(),
        TestingImports.image().id(),
        BlobRef.Purpose.IMAGE,
        new BlobRef.Place("z", TestingWorker.NODE));
  }

  private static Digests digests(byte[] data) {
    return FakeStores.digests(data).orElseThrow();
  }

  private List<StoreFailure> distribute(ImportTask task, Optional<Digests> staged, int parallel)
      throws Exception {
    return distribute(task, content(staged), parallel);
  }

  private ImportContent content(Optional<Digests> staged) {
    return new ImportContent(
        () ->
            new BlobSource.InFile(
                directory.resolve("staged"), new ByteRange(0, DATA.length), false),
        new Message.Content("raw", "bare"),
        Optional.empty(),
        staged,
        Map.of("os_version", "1"));
  }

  private BlobWrites writes() {
    return new BlobWrites(worker.loop(), blobs, worker.stores(), Long.MAX_VALUE);
  }

  private List<StoreFailure> distribute(ImportTask task, ImportContent content, int parallel)
      throws Exception {
    var writer =
        new StoreWriter(
            worker.vertx(),
            writes(),
            (image, certificate) -> Future.succeededFuture(Optional.empty()),
            new WebStores(List.of()));
    var stage = new DistributeStage(writer, checkpoints, parallel);
    return worker.call(
        () -> {
          var run = worker.run(task, reports);
          try {
            return stage.run(run, content);
          } finally {
            run.conclude(Optional.empty());
          }
        });
  }
}
