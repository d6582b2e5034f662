package io.vitrine.importer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.FakeReports;
import io.vitrine.importer.TestingImports;
import io.vitrine.importer.TestingWorker;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskRunTest {
  private static final StepMeter COPYING =
      StepMeter.of(Step.Simple.COPYING, () -> 1 << 20, OptionalLong.of(2 << 20));

  private final FakeReports reports = new FakeReports();
  private final TestingWorker worker = new TestingWorker();
  private final TaskRun<ImportTask> run =
      worker.run(new TestingImports(new ImportMethod.CopyImage()).task(), reports);

  TaskRunTest() throws Exception {}

  @AfterEach
  void close() throws Exception {
    worker.close();
  }

  @Test
  void reportsEachStepByItsNameAndMeasure() throws Exception {
    worker.call(
        () -> {
          run.begin(Step.Simple.INSPECTING, TaskRunTest::nothing);
          run.begin(COPYING.in("a"), TaskRunTest::nothing);
          run.begin(COPYING.in("b"), TaskRunTest::nothing);
          run.conclude(Optional.empty());
          return null;
        });

    assertThat(reports.messages().getFirst()).isEqualTo("Inspecting");
    assertThat(reports.messages())
        .contains("Copying in a: 1 of 2 MiB, 50 %; Copying in b: 1 of 2 MiB, 50 %");
    assertThat(reports.steps())
        .extracting(step -> step.getString("step"), step -> step.getString("status"))
        .containsExactly(
            tuple("inspecting", "done"), tuple("copying", "done"), tuple("copying", "done"));
  }

  @Test
  void tellsWhichStoreFailed() throws Exception {
    worker.call(
        () -> {
          run.begin(COPYING.in("a"), TaskRunTest::nothing);
          run.begin(COPYING.in("b"), TaskRunTest::nothing);
          run.endStore("a", Optional.of("full"));
          run.conclude(Optional.empty());
          return null;
        });

    assertThat(run.explain("full")).isEqualTo("Copying in a failed: full");
    assertThat(reports.steps())
        .extracting(step -> step.getString("reason"))
        .isEqualTo(Arrays.asList("full", null));
  }

  @Test
  void interruptsTheRunningStepsAndBeginsNoOtherOnceStopped() throws Exception {
    var interrupted = new AtomicInteger();
    var refused =
        worker.call(
            () -> {
              run.begin(COPYING.in("a"), interrupted::incrementAndGet);
              run.begin(COPYING.in("b"), interrupted::incrementAndGet);
              run.stop(new Problem.Interrupted("The worker is stopping."));
              run.stop(new Problem.Interrupted("again"));
              return catchThrowableOfType(
                  ProblemException.class,
                  () -> run.begin(Step.Simple.STORING, TaskRunTest::nothing));
            });

    assertThat(interrupted).hasValue(2);
    assertThat(refused.problem()).isEqualTo(new Problem.Interrupted("The worker is stopping."));
    assertThat(run.stopped()).isEqualTo(refused.problem());
  }

  @Test
  void stopsOnceItsLeaseIsLost() throws Exception {
    var interrupted = new AtomicInteger();
    reports.loseLease();

    worker.call(
        () -> {
          run.begin(Step.Simple.DOWNLOADING, interrupted::incrementAndGet);
          return null;
        });

    assertThat(run.stopped()).isInstanceOf(Problem.Gone.class);
    assertThat(interrupted).hasValue(1);
  }

  @Test
  void tellsWhatFailedInWordsOfTheStep() throws Exception {
    var explained =
        worker.call(
            () -> {
              var before = run.explain("no reason");
              run.begin(new Step.Conversion("qcow2", "raw"), TaskRunTest::nothing);
              var during = run.explain("no space");
              run.failedIn("Conversion");
              return List.of(before, during, run.explain("no space"));
            });

    assertThat(explained)
        .containsExactly(
            "no reason",
            "Converting from qcow2 to raw failed: no space",
            "Conversion failed: no space");
  }

  /** Interrupts a step that needs nothing done. */
  private static void nothing() {}
}
