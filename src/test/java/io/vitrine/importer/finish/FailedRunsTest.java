package io.vitrine.importer.finish;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.FakeQueue;
import io.vitrine.importer.FakeReports;
import io.vitrine.importer.TestingImports;
import io.vitrine.importer.TestingWorker;
import io.vitrine.importer.run.Step;
import io.vitrine.importer.run.TaskRun;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailedRunsTest {
  private final TestingWorker worker = new TestingWorker();
  private final FakeQueue queue = new FakeQueue();
  private final FakeReports reports = new FakeReports();
  private final SkippedTasks skipped = new SkippedTasks(Duration.ofMinutes(1));
  private final TaskRun<ImportTask> run =
      worker.run(
          new TestingImports(new ImportMethod.GlanceDirect(Optional.empty())).task(), reports);
  private final FailedRuns failed =
      new FailedRuns(
          worker.vertx(),
          new TaskEndings(queue, queue),
          skipped,
          new RetryPolicy(new RetryConfig(3, 10, Duration.ofHours(1)), Duration.ofMinutes(5)));

  FailedRunsTest() throws Exception {}

  @AfterEach
  void close() throws Exception {
    worker.close();
  }

  private String record(Throwable failure) throws Exception {
    return worker.call(
        () -> {
          run.begin(Step.Simple.STORING, () -> {});
          return failed.record(run, failure, () -> false);
        });
  }

  @Test
  void endsTheTaskForAFaultOfTheData() throws Exception {
    assertThat(record(ProblemException.invalid("It is damaged."))).isEqualTo("failure");

    assertThat(queue.events()).containsExactly("failed: Storing failed: It is damaged.");
    assertThat(reports.steps().getLast().getString("status")).isEqualTo("failed");
    assertThat(reports.steps().getLast().getString("reason")).isEqualTo("It is damaged.");
  }

  @Test
  void handsTheTaskBackForAFaultOfTheService() throws Exception {
    assertThat(record(new IOException("connection reset"))).isEqualTo("released");

    assertThat(queue.events())
        .containsExactly(
            "set back: Storing failed: A part of the service is not working."
                + " It will be tried again.");
  }

  @Test
  void retriesAfterAPauseThatCounts() throws Exception {
    assertThat(record(new IllegalStateException("defect"))).isEqualTo("released");

    assertThat(queue.events())
        .containsExactly(
            "retried in 2 s: Storing failed: The import met an internal error."
                + " It will be tried again.");
  }

  @Test
  void leavesATaskToWorkersThatReachItsData() throws Exception {
    assertThat(record(ProblemException.unreachable("The node is away."))).isEqualTo("released");

    assertThat(queue.events()).containsExactly("postponed: The node is away.");
    assertThat(skipped.at(System.nanoTime())).containsExactly(run.task().id());
  }

  @Test
  void releasesTheTaskOfAWorkerThatStopsWhateverTheStepThrew() throws Exception {
    var outcome =
        worker.call(
            () -> {
              run.stop(new Problem.Interrupted("The worker is stopping."));
              return failed.record(run, ProblemException.invalid("cut short"), () -> true);
            });

    assertThat(outcome).isEqualTo("released");
    assertThat(queue.events()).containsExactly("released: The worker is stopping.");
  }

  @Test
  void recordsNothingOnceAnotherWorkerHasTheTask() throws Exception {
    queue.failWith(ProblemException.gone("taken over"));

    assertThat(record(ProblemException.invalid("It is damaged."))).isEqualTo("lost");
    assertThat(queue.events()).isEmpty();
  }
}
