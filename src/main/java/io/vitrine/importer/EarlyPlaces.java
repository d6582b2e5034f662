package io.vitrine.importer;

import io.vitrine.image.Image;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.importer.blob.ArrivingBytes;
import io.vitrine.importer.blob.EarlyWork;
import io.vitrine.importer.run.TaskRun;
import java.util.Optional;
import java.util.function.Consumer;

/** Early work within the capacity that tasks do not need. */
record EarlyPlaces(EarlyWork work, Slots slots) implements EarlyWork {
  @Override
  public boolean suits(Image image) {
    return work.suits(image);
  }

  @Override
  public Optional<Consumer<ArrivingBytes>> begin(TaskRun<ImportTask> run, Staging staging) {
    var task = run.task();
    return work.suits(staging.image()) && slots.beginEarly(task, () -> work.stop(task))
        ? work.begin(run, staging)
        : Optional.empty();
  }

  @Override
  public void stop(LeasedTask task) {
    work.stop(task);
  }

  @Override
  public void end(LeasedTask task) {
    work.end(task);
  }
}
