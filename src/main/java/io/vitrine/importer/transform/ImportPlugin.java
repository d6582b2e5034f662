package io.vitrine.importer.transform;

/** A step that changes an image's data between staging and the stores. */
public interface ImportPlugin {
  /** The name in the configuration and in checkpoints. */
  String name();

  /** The name of the step in messages to users. */
  String title();

  /** Runs the step unless the image does not need it. Blocks. */
  ImportContent apply(PluginContext context, ImportContent content) throws Exception;
}
