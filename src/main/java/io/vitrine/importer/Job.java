package io.vitrine.importer;

import io.vertx.core.Vertx;
import io.vitrine.catalog.TaskQueue;
import io.vitrine.image.ImportTask;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One task being worked on: tells the queue how far it is, and stops what runs when the task is no
 * longer this worker's.
 *
 * <p>Belongs to the import verticle's context.
 */
final class Job {
  private static final long REPORT_MILLIS = 1000;

  private final ImportTask task;
  private final TaskQueue queue;
  private final long timer;
  private final Vertx vertx;
  private volatile Supplier<String> report = () -> "";
  private String reported = "";
  private Runnable interrupt = () -> {};
  private @Nullable Problem stopped;

  Job(Vertx vertx, ImportTask task, TaskQueue queue) {
    this.vertx = vertx;
    this.task = task;
    this.queue = queue;
    this.timer = vertx.setPeriodic(REPORT_MILLIS, tick -> report());
  }

  ImportTask task() {
    return task;
  }

  /** Begins a step: how to report on it, and how to interrupt it. */
  void begin(Supplier<String> newReport, Runnable newInterrupt) {
    if (stopped != null) {
      throw new ProblemException(stopped);
    }
    report = newReport;
    interrupt = newInterrupt;
    report();
  }

  /** Interrupts the step that runs, and lets none begin any more. */
  void stop(Problem reason) {
    if (stopped == null) {
      stopped = reason;
      interrupt.run();
    }
  }

  /** Why the job was stopped, if it was. */
  @Nullable Problem stopped() {
    return stopped;
  }

  void end() {
    vertx.cancelTimer(timer);
  }

  private void report() {
    var message = report.get();
    if (message.equals(reported)) {
      return;
    }
    reported = message;
    queue
        .progress(task, message)
        .onFailure(
            failure -> {
              if (failure instanceof ProblemException lost
                  && lost.problem() instanceof Problem.Gone) {
                stop(lost.problem());
              }
            });
  }
}
