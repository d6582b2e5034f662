package io.vitrine.importer.blob;

import io.vitrine.image.Image;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.importer.run.TaskRun;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Work on the data of tasks while it is being downloaded. No download depends on it: if it fails or
 * is stopped, the same work is done after the download.
 *
 * <p>Confined to the import verticle's context.
 */
public interface EarlyWork {
  /** Waits for the end of every download. */
  EarlyWork NONE =
      new EarlyWork() {
        @Override
        public boolean suits(Image image) {
          return false;
        }

        @Override
        public Optional<Consumer<ArrivingBytes>> begin(TaskRun<ImportTask> run, Staging staging) {
          return Optional.empty();
        }

        @Override
        public void stop(LeasedTask task) {
          // Nothing runs.
        }

        @Override
        public void end(LeasedTask task) {
          // There are no files.
        }
      };

  /** Whether the data of an image with these formats needs it. */
  boolean suits(Image image);

  /**
   * A download to staging.
   *
   * @param image what the data will belong to, with the formats that it must have
   * @param blob the data in staging
   * @param writes writes what is made of it
   */
  record Staging(Image image, BlobRef blob, BlobWrites writes) {}

  /**
   * Prepares for a download of the task's data, and ends what an earlier download of the task
   * began. Blocks. The result reads the data, on threads of its own, and closes it; empty if
   * nothing does.
   */
  Optional<Consumer<ArrivingBytes>> begin(TaskRun<ImportTask> run, Staging staging);

  /** Lets the task's work fail soon. */
  void stop(LeasedTask task);

  /** Stops the task's work and removes its files. Blocks until nothing is read or written. */
  void end(LeasedTask task);
}
