package io.vitrine.importer.transform;

import io.vitrine.importer.blob.EarlyWork;
import java.util.Optional;

/** A step that changes an image's data between staging and the stores. */
public interface ImportPlugin {
  /** The name in the configuration and in checkpoints. */
  String name();

  /** The name of the step in messages to users. */
  String title();

  /** What the step does with data that is still being downloaded; empty if it waits for its end. */
  default Optional<EarlyWork> early() {
    return Optional.empty();
  }

  /** Runs the step unless the image does not need it. Blocks. */
  ImportContent apply(PluginContext context, ImportContent content) throws Exception;
}
