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
 * One task being worked on: tells the queue how far it is, and stops what runs when the task is no
 * longer this worker's. One step runs at a time, or one for each of several stores.
 *
 * <p>Belongs to the import verticle's context.
 */
public final class Job {
  private static final long REPORT_MILLIS = 1000;

  /** Of a task that is tried often enough, the first steps are forgotten. */
  private static final int MOST_STEPS = 64;

  /** The place of a step that is for no store in particular. */
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

  /** What is being done: how to tell of it, and how to interrupt it. */
  private record Activity(
      RunningStep step, Supplier<String> report, Runnable interrupt, Span span) {}

  /** Begins to report how far a task is, once a second; {@link #end} stops that. */
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

  /** The task as it was leased. */
  public ImportTask task() {
    return task;
  }

  /** A context on the same thread as another, on which what is done belongs to the job's trace. */
  public Context on(Context other) {
    return span.on(other);
  }

  /** Begins a step that is told of in words, and ends all others. */
  public void begin(Supplier<String> report, Runnable interrupt) {
    var title = report.get().replaceFirst(":.*", "");
    begin(StepMeter.of(title, () -> 0, OptionalLong.empty()), report, interrupt);
  }

  /** Begins a step that is measured; it ends all others but those for other stores. */
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

  /** Ends the step for a store, well or for the given reason. */
  public void endStore(String store, Optional<String> failure) {
    var state = failure.isPresent() ? RunningStep.State.FAILED : RunningStep.State.DONE;
    var ended = end(store, state, failure);
    if (failure.isPresent() && ended != null) {
      lastTitle = ended.step.meter().title();
    }
  }

  /** Interrupts what runs; something else may begin. */
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

  /** Interrupts what runs, and lets nothing begin any more. */
  public void stop(Problem reason) {
    if (stopped == null) {
      stopped = reason;
      interrupt();
    }
  }

  /** Why the job was stopped, if it was. */
  @Nullable
  public Problem stopped() {
    return stopped;
  }

  /** Names the step that has failed, as one of several steps or none are made of. */
  public void failedIn(String title) {
    lastTitle = title;
  }

  /** Says in which step the job has failed, and why. */
  public String explain(String reason) {
    return lastTitle.isEmpty() ? reason : "%s failed: %s".formatted(lastTitle, reason);
  }

  /** Ends what still runs, for a reason if there is one, and waits until all is written down. */
  public void conclude(Optional<String> failure) {
    if (steps.isEmpty()) {
      return;
    }
    var state = failure.isPresent() ? RunningStep.State.FAILED : RunningStep.State.DONE;
    endAll(state, failure);
    written.transform(any -> write(reported)).otherwiseEmpty().await();
  }

  /** Ends, with what is counted as its outcome. */
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
    // One after the other, or they would overtake each other.
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
