package io.vitrine.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.acquire.Acquired;
import io.vitrine.importer.blob.EarlyWork;
import io.vitrine.importer.blob.ScratchSpace;
import io.vitrine.importer.distribute.StoreFailure;
import io.vitrine.importer.run.ImportStage;
import io.vitrine.importer.transform.ImportContent;
import io.vitrine.net.address.Url;
import io.vitrine.transfer.bus.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportPipelineTest {
  private static final ImportMethod WEB =
      new ImportMethod.WebDownload(Url.parse("http://example.org/"), Optional.empty());
  private static final List<StoreFailure> FAILURES = List.of(new StoreFailure("b", "full"));

  @TempDir Path directory;

  private final TestingWorker worker = new TestingWorker();
  private final List<String> order = new ArrayList<>();
  private final Acquired acquired =
      new Acquired.InStore(
          () -> {
            throw new AssertionError("nobody reads it");
          });
  private final ImportContent content =
      new ImportContent(
          () -> {
            throw new AssertionError("nobody reads it");
          },
          new Message.Content("raw", "bare"),
          Optional.empty(),
          Optional.empty(),
          Map.of());
  private ScratchSpace scratch;

  ImportPipelineTest() throws Exception {}

  @BeforeEach
  void open() throws Exception {
    scratch = ScratchSpace.open(directory);
  }

  @AfterEach
  void close() throws Exception {
    worker.close();
    scratch.close();
  }

  @Test
  void givesTheResultOfEachStageToTheNext() throws Exception {
    var isDone = run(importTask(), transform(), () -> true);

    assertThat(isDone).isTrue();
    assertThat(order).containsExactly("acquire", "transform", "distribute", "finish");
  }

  @Test
  void stopsAfterTheDownloadIfThereIsNoRoomForMore() throws Exception {
    var isDone = run(importTask(), transform(), () -> false);

    assertThat(isDone).isFalse();
    assertThat(order).containsExactly("acquire");
  }

  @Test
  void needsNoRoomForAnImportThatBeganWithStagedData() throws Exception {
    var blob =
        new BlobRef(
            UUID.randomUUID(),
            TestingImports.image().id(),
            BlobRef.Purpose.STAGING,
            new BlobRef.Place(BlobRef.STAGING_STORE, TestingWorker.NODE));
    var task = new TestingImports(WEB).staged(new StoredBlob(blob, 1, Optional.empty())).task();

    var isDone =
        run(
            task,
            transform(),
            () -> {
              throw new AssertionError("asked for room");
            });

    assertThat(isDone).isTrue();
  }

  @Test
  void failsWithTheFailureOfItsStageAndRunsNoOther() {
    var failure = ProblemException.unavailable("The store does not answer.");

    assertThatThrownBy(
            () ->
                run(
                    importTask(),
                    (run, input) -> {
                      throw failure;
                    },
                    () -> true))
        .isSameAs(failure);

    assertThat(order).containsExactly("acquire");
  }

  @Test
  void removesItsTemporaryFilesHoweverItEnds() throws Exception {
    var task = importTask();
    ImportStage<Acquired, ImportContent> writing =
        (run, input) -> {
          Files.writeString(scratch.make(run.task().id()).resolve("converted"), "x");
          return content;
        };
    ImportStage<Acquired, ImportContent> failing =
        (run, input) -> {
          var _ = writing.run(run, input);
          throw ProblemException.invalid("damaged");
        };

    run(task, writing, () -> true);
    assertThat(directory.resolve(task.id().toString())).doesNotExist();

    assertThatThrownBy(() -> run(task, failing, () -> true)).hasMessageContaining("damaged");
    assertThat(directory.resolve(task.id().toString())).doesNotExist();
  }

  private static ImportTask importTask() {
    return new TestingImports(WEB).task();
  }

  private ImportStage<Acquired, ImportContent> transform() {
    return (run, input) -> {
      assertThat(input).isSameAs(acquired);
      order.add("transform");
      return content;
    };
  }

  private boolean run(
      ImportTask task, ImportStage<Acquired, ImportContent> transform, BooleanSupplier goOn)
      throws Exception {
    var stages =
        new ImportPipeline.Stages(
            (run, input) -> {
              assertThat(input).isSameAs(task);
              order.add("acquire");
              return acquired;
            },
            transform,
            (run, input) -> {
              assertThat(input).isSameAs(content);
              order.add("distribute");
              return FAILURES;
            },
            (run, input) -> {
              assertThat(input).isEqualTo(FAILURES);
              order.add("finish");
              return "done";
            });
    var pipeline =
        new ImportPipeline(
            worker.vertx(), new ImportPipeline.Leftovers(scratch, EarlyWork.NONE), stages);
    return worker.call(() -> pipeline.run(worker.run(task), goOn));
  }
}
