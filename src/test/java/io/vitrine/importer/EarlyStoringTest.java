package io.vitrine.importer;

import static io.vitrine.image.problem.ProblemException.full;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import io.vitrine.fetch.WebStores;
import io.vitrine.format.qcow2.TestingQcow2Samples;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.distribute.DistributeStage;
import io.vitrine.importer.distribute.StoreWriter;
import io.vitrine.importer.run.Failure;
import io.vitrine.importer.run.StagedDataLost;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Imports to one store, which gets the converted image while the data still arrives. */
@Timeout(60)
class EarlyStoringTest {
  private static final byte[] DISK = new byte[4 << 20];

  @TempDir private Path directory = Path.of("");

  private final CountDownLatch held = new CountDownLatch(1);
  private TestingPipeline pipeline;
  private byte[] image;

  @BeforeEach
  void open() throws Exception {
    new Random(1).nextBytes(DISK);
    // Zeros between data, and at the end.
    Arrays.fill(DISK, 1 << 20, 2 << 20, (byte) 0);
    Arrays.fill(DISK, DISK.length - (1 << 20), DISK.length, (byte) 0);
    image = TestingQcow2Samples.tablesInFront(DISK);
    pipeline = new TestingPipeline(directory);
  }

  @AfterEach
  void close() throws Exception {
    held.countDown();
    pipeline.close();
  }

  @Test
  void storesWhileTheDataArrives() throws Exception {
    run(task(client -> send(client, () -> {})), () -> true);

    assertStored(1);
    assertThat(pipeline.reports().steps())
        .extracting(step -> step.getString("step"))
        .containsExactly("downloading", "inspecting", "converting from qcow2 to raw", "storing");
    assertThat(pipeline.reports().steps().getLast().getLong("bytes")).isEqualTo(DISK.length);
  }

  @Test
  void storesAfterwardsIfItGaveWayToAnotherTask() throws Exception {
    run(task(client -> send(client, pipeline::occupyTheOnlyPlace)), () -> true);

    assertStored(2);
  }

  @Test
  void storesAfterwardsIfTheStoreBrokeOff() throws Exception {
    run(task(client -> send(client, () -> pipeline.stores().breakOff("a"))), () -> true);

    assertStored(2);
  }

  @Test
  void storesStagedDataWithoutACopy() throws Exception {
    run(TestingPipeline.staged(pipeline.stage(image), "a"), () -> true);

    assertStored(1);
    assertThat(pipeline.reports().steps())
        .extracting(step -> step.getString("step"))
        .containsExactly("inspecting", "converting from qcow2 to raw", "storing");
  }

  @Test
  void noticesThatStagedDataIsDamaged() throws Exception {
    var staged = pipeline.stage(image);
    var damaged = image.clone();
    damaged[damaged.length - 1]++;
    var _ = pipeline.stores().put(staged.blob(), damaged);

    var failure = catchThrowable(() -> run(TestingPipeline.staged(staged, "a"), () -> true));

    assertThat(failure).isInstanceOf(StagedDataLost.class);
    assertAbandoned(images());
  }

  @Test
  void startsOverWithTheDownload() throws Exception {
    var asked = new AtomicInteger();
    var url =
        task(
            client -> {
              if (asked.incrementAndGet() == 1) {
                TestingSource.send(client, image, image.length - 1);
                awaitStoredHalf();
              } else {
                TestingSource.send(client, image, image.length);
              }
            });

    run(url, () -> true);

    assertThat(asked).hasValue(2);
    assertStored(2);
  }

  @Test
  void saysThatTheStoreIsFull() {
    pipeline.stores().refuse("a", full("no space"));

    var failure =
        catchThrowable(
            () -> run(task(client -> TestingSource.send(client, image, image.length)), () -> true));

    assertThat(failure).hasMessageContaining("no space");
    assertAbandoned(pipeline.blobs().begun().subList(1, 3));
  }

  @Test
  void leavesNothingBehindOfAnImageThatIsCutOff() {
    var cut = Arrays.copyOf(image, image.length - 1);

    var failure =
        catchThrowable(
            () -> run(task(client -> TestingSource.send(client, cut, cut.length)), () -> true));

    assertThat(failure).hasMessageContaining("is cut off: needs");
    assertAbandoned(List.of(images().getFirst()));
  }

  @Test
  void leavesNothingBehindOfWhatItHandsOn() throws Exception {
    run(task(client -> send(client, () -> {})), () -> false);

    assertThat(pipeline.checkpoints().events()).containsExactly("staged");
    assertAbandoned(images());
  }

  @Test
  void leavesNothingBehindWhenItIsStopped() throws Exception {
    var task = task(this::sendMost);
    var run = pipeline.worker().run(task, pipeline.reports());
    var stopping =
        Thread.startVirtualThread(
            () -> {
              awaitStoredHalf();
              pipeline
                  .worker()
                  .vertx()
                  .runOnContext(now -> run.stop(new Problem.Interrupted("It stops.")));
            });

    var failure = catchThrowable(() -> run(run, () -> true));

    assertThat(Failure.of(failure).kind()).isNotEqualTo(Failure.Kind.PERMANENT);
    stopping.join();
    assertAbandoned(pipeline.blobs().begun());
  }

  /** What happens before the last byte is sent. */
  private interface Event {
    void run() throws IOException;
  }

  private void send(OutputStream client, Event beforeTheLastByte) throws IOException {
    TestingSource.send(client, image, image.length - 1);
    awaitStoredHalf();
    beforeTheLastByte.run();
    client.write(image, image.length - 1, 1);
  }

  private void sendMost(OutputStream client) throws IOException {
    TestingSource.send(client, image, image.length - 1);
    TestingSource.hold(held);
  }

  private void awaitStoredHalf() {
    var half = Arrays.copyOf(DISK, DISK.length / 2);
    TestingConditions.await(
        "the first half of the disk",
        () -> images().stream().anyMatch(blob -> Arrays.equals(start(blob, half.length), half)));
  }

  private byte[] start(BlobRef blob, int length) {
    return Arrays.copyOf(pipeline.stores().arrived(blob), length);
  }

  /** The blobs of the image, without those in staging. */
  private List<BlobRef> images() {
    return pipeline.blobs().begun().stream()
        .filter(blob -> blob.purpose() == BlobRef.Purpose.IMAGE)
        .toList();
  }

  /** The image is stored by the last of so many attempts, and nothing is left of the others. */
  private void assertStored(int attempts) throws IOException {
    var outcome = pipeline.checkpoints().outcomes().getLast();
    assertThat(images()).hasSize(attempts).last().isEqualTo(outcome.blob());
    assertThat(Arrays.equals(pipeline.stores().get(outcome.blob()), DISK)).isTrue();
    assertThat(outcome.digests()).isEqualTo(FakeStores.digests(DISK).orElseThrow());
    assertAbandoned(images().subList(0, attempts - 1));
  }

  private void assertAbandoned(List<BlobRef> blobs) {
    assertThat(pipeline.blobs().aborted()).containsAll(blobs);
    assertThat(pipeline.stores().deleted()).containsAll(blobs);
    assertThat(pipeline.scratchPath().toFile().list())
        .containsExactlyInAnyOrder(".vitrine", "lock");
  }

  private ImportTask task(TestingSource.Script script) {
    return TestingPipeline.task(pipeline.source().serve(script), "a");
  }

  private void run(ImportTask task, BooleanSupplier goOn) throws Exception {
    run(pipeline.worker().run(task, pipeline.reports()), goOn);
  }

  private void run(TaskRun<ImportTask> run, BooleanSupplier goOn) throws Exception {
    var writer =
        new StoreWriter(
            pipeline.worker().vertx(),
            pipeline.writes(),
            (id, certificate) -> Future.failedFuture("there is none"),
            new WebStores(List.of()));
    pipeline.run(run, true, goOn, new DistributeStage(writer, pipeline.checkpoints(), 1));
  }
}
