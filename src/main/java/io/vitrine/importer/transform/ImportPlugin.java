package io.vitrine.importer.transform;

/** A step that changes an image's data between staging and the stores. */
public sealed interface ImportPlugin permits Decompression, ImageConversion, MetadataInjection {
  /** The name in the configuration and in checkpoints. */
  String name();

  /** The name of the step in messages to users. */
  String title();

  /** Runs the step unless the image does not need it. Blocks. */
  Made apply(Work work, Made made) throws Exception;
}
