package io.vitrine.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitrine.format.qcow2.TestingQcow2Samples;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.distribute.StoreFailure;
import io.vitrine.importer.run.Failure;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.importer.transform.ImportContent;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import io.vitrine.transfer.stream.BlobSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
  @TempDir private Path directory = Path.of("");

  private final CountDownLatch held = new CountDownLatch(1);
  private TestingPipeline pipeline;
  private byte[] image;
  private boolean isOn = true;

  /** What came to the stores. */
  private byte @Nullable [] stored;

  /** Whether that was made while the data arrived. */
  private boolean wasEarly;

  @BeforeEach
  void open() throws Exception {
    new Random(1).nextBytes(DISK);
    image = TestingQcow2Samples.tablesInFront(DISK);
    pipeline = new TestingPipeline(directory);
  }

  @AfterEach
  void close() throws Exception {
    held.countDown();
    pipeline.close();
  }

  @Test
  void convertsWhileTheDataArrives() throws Exception {
    var url =
        pipeline
            .source()
            .serve(
                client -> {
                  TestingSource.send(client, image, image.length - 1);
                  awaitConverted();
                  client.write(image, image.length - 1, 1);
                });

    run(task(url), () -> true);

    assertStored(true);
    assertThat(pipeline.reports().steps())
        .extracting(step -> step.getString("step"))
        .containsExactly("downloading", "inspecting", "converting from qcow2 to raw");
    assertThat(pipeline.reports().steps().getLast().getLong("percent")).isEqualTo(100);
  }

  @Test
  void convertsAfterTheDownloadIfThatIsWanted() throws Exception {
    isOn = false;

    run(task(pipeline.source().serve(image)), () -> true);

    assertStored(false);
  }

  @Test
  void convertsAfterTheDownloadIfThereIsNoRoomBefore() throws Exception {
    pipeline.occupyTheOnlyPlace();

    run(task(pipeline.source().serve(image)), () -> true);

    assertStored(false);
  }

  @Test
  void givesWayToOtherTasks() throws Exception {
    var url =
        pipeline
            .source()
            .serve(
                client -> {
                  TestingSource.send(client, image, image.length - 1);
                  awaitConverted();
                  pipeline.occupyTheOnlyPlace();
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
        pipeline
            .source()
            .serve(
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
    var url =
        pipeline.source().serve(client -> TestingSource.send(client, image, image.length - 1));

    var failure = catchThrowable(() -> run(task(url), () -> true));

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.COUNTED);
    assertNothingLeft();
  }

  @Test
  void saysWhatIsWrongWithAnImage() {
    var cut = Arrays.copyOf(image, image.length - 1);

    var failure = catchThrowable(() -> run(task(pipeline.source().serve(cut)), () -> true));

    assertThat(failure).hasMessageContaining("is cut off: needs");
    assertNothingLeft();
  }

  @Test
  void leavesNothingBehindWhenItIsStopped() throws Exception {
    var task = task(pipeline.source().serve(this::sendMost));
    var run = pipeline.worker().run(task, pipeline.reports());
    var stopping =
        Thread.startVirtualThread(
            () -> {
              awaitConverted();
              pipeline
                  .worker()
                  .vertx()
                  .runOnContext(now -> run.stop(new Problem.Interrupted("It stops.")));
            });

    var failure = catchThrowable(() -> run(run, () -> true));

    assertThat(failure).isNotNull();
    stopping.join();
    assertNothingLeft();
  }

  @Test
  void leavesNothingBehindOfWhatItHandsOn() throws Exception {
    run(task(pipeline.source().serve(image)), () -> false);

    assertThat(pipeline.checkpoints().events()).containsExactly("staged");
    assertThat(stored).isNull();
    assertNothingLeft();
  }

  private void sendMost(OutputStream client) throws IOException {
    TestingSource.send(client, image, image.length - 1);
    TestingSource.hold(held);
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
    try (var files = Files.walk(pipeline.scratchPath())) {
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
    assertThat(pipeline.scratchPath().toFile().list())
        .containsExactlyInAnyOrder(".vitrine", "lock");
  }

  /** Several stores get the data from a file. */
  private static ImportTask task(String url) {
    return TestingPipeline.task(url, "a", "b");
  }

  private void run(ImportTask task, BooleanSupplier goOn) throws Exception {
    run(pipeline.worker().run(task, pipeline.reports()), goOn);
  }

  private void run(TaskRun<ImportTask> run, BooleanSupplier goOn) throws Exception {
    pipeline.run(run, isOn, goOn, this::store);
  }

  private List<StoreFailure> store(TaskRun<ImportTask> run, ImportContent content)
      throws IOException {
    var file = ((BlobSource.InFile) content.source().get()).path();
    stored = Files.readAllBytes(file);
    wasEarly = !file.startsWith(pipeline.scratchPath().resolve(run.task().id().toString()));
    return List.of();
  }
}
