package io.vitrine.importer.finish;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.FakeQueue;
import io.vitrine.importer.FakeReports;
import io.vitrine.importer.TestingImports;
import io.vitrine.importer.TestingWorker;
import io.vitrine.importer.distribute.StoreFailure;
import io.vitrine.importer.run.Step;
import io.vitrine.importer.run.TaskRun;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FinishStageTest {
  private final TestingWorker worker = new TestingWorker();
  private final FakeQueue queue = new FakeQueue();
  private final FakeReports reports = new FakeReports();
  private final FinishStage stage = new FinishStage(new TaskEndings(queue, queue));
  private final TaskRun<ImportTask> run =
      worker.run(
          new TestingImports(new ImportMethod.CopyImage()).stores("a", "b", "c").task(), reports);

  FinishStageTest() throws Exception {}

  @AfterEach
  void close() throws Exception {
    worker.close();
  }

  @Test
  void tellsWhichStoresHaveTheImageAndWhyOthersLackIt() throws Exception {
    var message =
        worker.call(
            () -> {
              run.begin(Step.Simple.COPYING, () -> {});
              return stage.run(
                  run, List.of(new StoreFailure("c", "full"), new StoreFailure("a", "away")));
            });

    assertThat(message).isEqualTo("Imported to b. Not to c: full Not to a: away");
    assertThat(queue.events()).containsExactly("succeeded: " + message);
    assertThat(reports.steps().getLast().getString("status")).isEqualTo("done");
  }

  @Test
  void handsOnWithoutEndingTheTask() throws Exception {
    worker.call(
        () -> {
          run.begin(Step.Simple.DOWNLOADING, () -> {});
          stage.handOn(run);
          return null;
        });

    assertThat(queue.events())
        .containsExactly("handed on: The data is staged; waiting for a worker to go on.");
    assertThat(reports.steps().getLast().getString("status")).isEqualTo("done");
  }
}
