package io.vitrine.importer.run;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.observe.metrics.ImportMeters;
import io.vitrine.observe.trace.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A task that runs on this worker: reports its progress, and interrupts the current steps when the
 * lease is lost. It runs one step at a time, or one for each of several stores.
 *
 * <p>Confined to the import verticle's context.
 */
public final class TaskRun<T extends LeasedTask> {
  private static final long REPORT_MILLIS = 1000;

  /** Older steps are dropped, since a task may be retried often. */
  private static final int MOST_STEPS = 64;

  /** The key of a step that belongs to no store. */
  private static final String NO_STORE = "";

  private final T task;
  private final ProgressReports reports;
  private final ImportMeters meters;
  private final Span span;
  private final long timer;
  private final Vertx vertx;
  private final Map<String, Activity> running = new LinkedHashMap<>();
  private final List<StepReport> steps = new ArrayList<>();
  private Future<Void> written = Future.succeededFuture();
  private String reported = "";
  private String lastTitle = "";
  private @Nullable Problem stopped;

  /** A running step, and how to interrupt it. */
  private record Activity(StepReport step, Runnable interrupt, Span span) {}

  /** Starts reporting the task's progress, once a second, until {@link #end}. */
  public TaskRun(Vertx vertx, T task, ProgressReports reports, RunObservers observers) {
    this.vertx = vertx;
    this.task = task;
    this.reports = reports;
    this.meters = observers.meters();
    this.span =
        observers
            .traces()
            .resume("import " + task.name(), task.traceparent())
            .with("vitrine.task_id", task.id().toString())
            .with("vitrine.image_id", task.image().id().toString())
            .with("vitrine.attempt", task.attempt());
    this.timer = vertx.setPeriodic(REPORT_MILLIS, tick -> report());
  }

  /** The task as leased, without the changes since. */
  public T task() {
    return task;
  }

  /** A context on the same thread as the other, whose work belongs to the task's trace. */
  public Context on(Context other) {
    return span.on(other);
  }

  /** Starts a step that is not measured and ends all others. */
  public void begin(Step step, Runnable interrupt) {
    begin(StepMeter.of(step), interrupt);
  }

  /** Starts a measured step; it ends all others except those for other stores. */
  public void begin(StepMeter meter, Runnable interrupt) {
    if (stopped != null) {
      throw new ProblemException(stopped);
    }
    var place = meter.store().orElse(NO_STORE);
    if (place.equals(NO_STORE)) {
      endAll(StepReport.State.DONE, Optional.empty());
    } else {
      end(NO_STORE, StepReport.State.DONE, Optional.empty());
      end(place, StepReport.State.DONE, Optional.empty());
    }
    var step = new StepReport(meter, System.nanoTime());
    steps.add(step);
    if (steps.size() > MOST_STEPS) {
      steps.removeFirst();
    }
    var part = span.begin(meter.step().key());
    meter.store().ifPresent(store -> part.with("vitrine.store", store));
    running.put(place, new Activity(step, interrupt, part));
    lastTitle = meter.title();
    report();
  }

  /** Ends the step for a store, successfully or for the given reason. */
  public void endStore(String store, Optional<String> failure) {
    var state = failure.isPresent() ? StepReport.State.FAILED : StepReport.State.DONE;
    var ended = end(store, state, failure);
    if (failure.isPresent() && ended != null) {
      lastTitle = ended.step.meter().title();
    }
  }

  /** Interrupts the running steps; others may still start. */
  public void interrupt() {
    List.copyOf(running.values()).forEach(activity -> activity.interrupt.run());
  }

  private void endAll(StepReport.State state, Optional<String> failure) {
    List.copyOf(running.keySet()).forEach(place -> end(place, state, failure));
  }

  private @Nullable Activity end(String place, StepReport.State state, Optional<String> failure) {
    var activity = running.remove(place);
    if (activity != null) {
      activity.span.with("vitrine.bytes", activity.step.meter().doneBytes());
      failure.ifPresent(activity.span::fail);
      activity.span.end();
      count(activity.step, activity.step.end(state, failure, System.nanoTime()));
    }
    return activity;
  }

  /** Interrupts the running steps and prevents new ones. */
  public void stop(Problem reason) {
    if (stopped == null) {
      stopped = reason;
      interrupt();
    }
  }

  /** Why the run was stopped; null if it was not. */
  @Nullable
  public Problem stopped() {
    return stopped;
  }

  /** Names the failed step where several steps, or none, were running. */
  public void failedIn(String title) {
    lastTitle = title;
  }

  /** The reason prefixed with the failed step. */
  public String explain(String reason) {
    return lastTitle.isEmpty() ? reason : "%s failed: %s".formatted(lastTitle, reason);
  }

  /** Ends the running steps, failed if there is a reason, and waits until the report is written. */
  public void conclude(Optional<String> failure) {
    if (steps.isEmpty()) {
      return;
    }
    var state = failure.isPresent() ? StepReport.State.FAILED : StepReport.State.DONE;
    endAll(state, failure);
    written.transform(any -> write(reported)).otherwiseEmpty().await();
  }

  /**
   * Ends the run.
   *
   * @param outcome its value in metrics
   */
  public void end(String outcome) {
    running.values().forEach(activity -> activity.span.end());
    span.with("vitrine.outcome", outcome).end();
    vertx.cancelTimer(timer);
  }

  private void report() {
    long moved = 0;
    for (var activity : running.values()) {
      moved += count(activity.step, activity.step.measure(System.nanoTime()));
    }
    var message =
        running.values().stream()
            .map(activity -> activity.step.meter().describe())
            .collect(Collectors.joining("; "));
    // One write at a time, so that they cannot overtake each other.
    boolean isNew = moved > 0 || !message.equals(reported);
    if (isNew && !message.isEmpty() && written.isComplete()) {
      reported = message;
      written = write(message);
    }
  }

  private long count(StepReport step, long bytes) {
    meters.moved(step.meter().step().key(), bytes);
    return bytes;
  }

  private Future<Void> write(String message) {
    var shown = new JsonArray();
    steps.forEach(step -> shown.add(step.toJson()));
    return reports
        .write(task, message, shown)
        .onFailure(
            failure -> {
              if (failure instanceof ProblemException lost
                  && lost.problem() instanceof Problem.Gone) {
                stop(lost.problem());
              }
            });
  }
}
