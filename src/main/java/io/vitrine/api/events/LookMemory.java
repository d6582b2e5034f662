package io.vitrine.api.events;

import io.vitrine.catalog.events.ImageChanges;
import io.vitrine.catalog.events.ImageChanges.Mark;
import io.vitrine.catalog.events.UploadProgress;
import io.vitrine.image.task.TaskView;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** What earlier looks have found, as looks overlap. */
final class LookMemory {
  private final Set<Mark> marks = new HashSet<>();
  private final Set<Task> tasks = new HashSet<>();
  private Set<UploadProgress> uploads = Set.of();

  private record Task(UUID id, Instant at) {
    static Task of(TaskView task) {
      return new Task(task.id(), task.updatedAt());
    }
  }

  boolean isNew(Mark mark) {
    return !marks.contains(mark);
  }

  boolean isNew(TaskView task) {
    return !tasks.contains(Task.of(task));
  }

  boolean isNew(UploadProgress upload) {
    return !uploads.contains(upload);
  }

  /** Remembers for as long as another look may find it. */
  void add(ImageChanges.Recent found, Collection<TaskView> ofTasks, Collection<UploadProgress> of) {
    var horizon = found.now().minus(ImageChanges.OVERLAP.multipliedBy(2));
    marks.removeIf(mark -> mark.at().isBefore(horizon));
    marks.addAll(found.marks());
    tasks.removeIf(task -> task.at().isBefore(horizon));
    ofTasks.stream().map(Task::of).forEach(tasks::add);
    uploads = Set.copyOf(of);
  }
}
