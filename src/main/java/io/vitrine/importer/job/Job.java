package io.vitrine.importer.job;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vitrine.catalog.tasks.TaskQueue;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportTask;
import io.vitrine.observe.metrics.ImportMeters;
import io.vitrine.observe.trace.Span;
import io.vitrine.observe.trace.Traces;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A running task: reports its progress to the queue, and interrupts the current steps when the
 * lease is lost. It runs one step at a time, or one for each of several stores.
 *
 * <p>Confined to the import verticle's context.
 */
public final class Job {
  private static final long REPORT_MILLIS = 1000;

  /** Older steps are dropped, since a task may be retried often. */
  private static final int MOST_STEPS = 64;

  /** The key of a step that belongs to no store. */
  private static final String NO_STORE = "";

  private final ImportTask task;
  private final TaskQueue queue;
  private final ImportMeters meters;
  private final Span span;
  private final long timer;
  private final Vertx vertx;
  private final Map<String, Activity> running = new LinkedHashMap<>();
  private final List<RunningStep> steps = new ArrayList<>();
  private Future<Void> written = Future.succeededFuture();
  private String reported = "";
  private String lastTitle = "";
  private @Nullable Problem stopped;

  /** A running step: how to report it, and how to interrupt it. */
  private record Activity(
      RunningStep step, Supplier<String> report, Runnable interrupt, Span span) {}

  /** Starts reporting the task's progress, once a second, until {@link #end}. */
  public Job(Vertx vertx, ImportTask task, TaskQueue queue, ImportMeters meters, Traces traces) {
    this.vertx = vertx;
    this.task = task;
    this.queue = queue;
    this.meters = meters;
    this.span =
        traces
            .resume("import " + task.method().text(), task.traceparent())
            .with("vitrine.task_id", task.id().toString())
            .with("vitrine.image_id", task.image().id().toString())
            .with("vitrine.attempt", task.attempt());
    this.timer = vertx.setPeriodic(REPORT_MILLIS, tick -> report());
  }

  /** The task as leased, without the changes since. */
  public ImportTask task() {
    return task;
  }

  /** A context on the same thread as the other, whose work belongs to the job's trace. */
  public Context on(Context other) {
    return span.on(other);
  }

  /** Starts a step without measure and ends all others. */
  public void begin(Supplier<String> report, Runnable interrupt) {
    var title = report.get().replaceFirst(":.*", "");
    begin(StepMeter.of(title, () -> 0, OptionalLong.empty()), report, interrupt);
  }

  /** Starts a measured step; it ends all others except those for other stores. */
  public void begin(StepMeter meter, Runnable interrupt) {
    begin(meter, meter::describe, interrupt);
  }

  private void begin(StepMeter meter, Supplier<String> report, Runnable interrupt) {
    if (stopped != null) {
      throw new ProblemException(stopped);
    }
    var place = meter.store().orElse(NO_STORE);
    if (place.equals(NO_STORE)) {
      endAll(RunningStep.State.DONE, Optional.empty());
    } else {
      end(NO_STORE, RunningStep.State.DONE, Optional.empty());
      end(place, RunningStep.State.DONE, Optional.empty());
    }
    var step = new RunningStep(meter, System.nanoTime());
    steps.add(step);
    if (steps.size() > MOST_STEPS) {
      steps.removeFirst();
    }
    var part = span.begin(meter.name().toLowerCase(Locale.ROOT));
    meter.store().ifPresent(store -> part.with("vitrine.store", store));
    running.put(place, new Activity(step, report, interrupt, part));
    lastTitle = meter.title();
    report();
  }

  /** Ends the step for a store, successfully or for the given reason. */
  public void endStore(String store, Optional<String> failure) {
    var state = failure.isPresent() ? RunningStep.State.FAILED : RunningStep.State.DONE;
    var ended = end(store, state, failure);
    if (failure.isPresent() && ended != null) {
      lastTitle = ended.step.meter().title();
    }
  }

  /** Interrupts the running steps; others may still start. */
  public void interrupt() {
    List.copyOf(running.values()).forEach(activity -> activity.interrupt.run());
  }

  private void endAll(RunningStep.State state, Optional<String> failure) {
    List.copyOf(running.keySet()).forEach(place -> end(place, state, failure));
  }

  private @Nullable Activity end(String place, RunningStep.State state, Optional<String> failure) {
    var activity = running.remove(place);
    if (activity != null) {
      activity.span.with("vitrine.bytes", activity.step.meter().doneBytes().getAsLong());
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

  /** Why the job was stopped; null if it was not. */
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
    var state = failure.isPresent() ? RunningStep.State.FAILED : RunningStep.State.DONE;
    endAll(state, failure);
    written.transform(any -> write(reported)).otherwiseEmpty().await();
  }

  /**
   * Ends the job.
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
            .map(activity -> activity.report.get())
            .collect(Collectors.joining("; "));
    // // One write at a time, so that they cannot overtake each other.
    boolean isNew = moved > 0 || !message.equals(reported);
    if (isNew && !message.isEmpty() && written.isComplete()) {
      reported = message;
      written = write(message);
    }
  }

  private long count(RunningStep step, long bytes) {
    meters.moved(step.meter().name(), bytes);
    return bytes;
  }

  private Future<Void> write(String message) {
    var shown = new JsonArray();
    steps.forEach(step -> shown.add(step.toJson()));
    return queue
        .progress(task, message, shown)
        .onFailure(
            failure -> {
              if (failure instanceof ProblemException lost
                  && lost.problem() instanceof Problem.Gone) {
                stop(lost.problem());
              }
            });
  }
}
