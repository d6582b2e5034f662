package io.vitrine.importer.finish;

import io.vitrine.catalog.tasks.TaskEnd;
import io.vitrine.catalog.tasks.TaskHandback;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.LocationTask;
import io.vitrine.importer.distribute.StoreFailure;
import io.vitrine.importer.run.ImportStage;
import io.vitrine.importer.run.TaskRun;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Ends successful tasks, or hands them on. Every method blocks. */
public final class FinishStage implements ImportStage<List<StoreFailure>, String> {
  private final TaskEnd end;
  private final TaskHandback queue;

  /** Ends tasks of a queue. */
  public FinishStage(TaskEndings endings) {
    this.end = endings.end();
    this.queue = endings.queue();
  }

  /** Ends an import whose data is in all its stores but those that failed; returns the message. */
  @Override
  public String run(TaskRun<ImportTask> run, List<StoreFailure> failures) {
    var failed = failures.stream().map(StoreFailure::store).collect(Collectors.toSet());
    var stores = run.task().stores().stream().filter(store -> !failed.contains(store)).toList();
    var message = new StringBuilder(imported(stores));
    failures.forEach(
        failure -> message.append(" Not to %s: %s".formatted(failure.store(), failure.reason())));
    return succeed(run, message.toString());
  }

  /** Ends the check of a location; returns the message. */
  public String endLocation(TaskRun<LocationTask> run) {
    return succeed(run, imported(run.task().image().stores()));
  }

  /** Releases a task whose data has been staged, for a worker with room. */
  public void handOn(TaskRun<?> run) {
    run.conclude(Optional.empty());
    queue.handOn(run.task(), "The data is staged; waiting for a worker to go on.").await();
  }

  private static String imported(List<String> stores) {
    return "Imported to %s.".formatted(String.join(", ", stores));
  }

  private String succeed(TaskRun<?> run, String message) {
    run.conclude(Optional.empty());
    end.succeed(run.task(), message).await();
    return message;
  }
}
