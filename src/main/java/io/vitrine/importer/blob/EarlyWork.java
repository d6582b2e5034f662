package io.vitrine.importer.blob;

import io.vitrine.image.Image;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.task.LeasedTask;
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
        public Optional<Consumer<ArrivingBytes>> begin(LeasedTask task, Image image, BlobRef blob) {
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
   * Prepares for a download of the task's data to a blob, and ends what an earlier download of the
   * task began. Blocks. The result reads the data, on threads of its own, and closes it; empty if
   * nothing does.
   */
  Optional<Consumer<ArrivingBytes>> begin(LeasedTask task, Image image, BlobRef blob);

  /** Lets the task's work fail soon. */
  void stop(LeasedTask task);

  /** Stops the task's work and removes its files. Blocks until nothing is read or written. */
  void end(LeasedTask task);
}
