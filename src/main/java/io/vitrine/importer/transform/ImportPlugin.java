package io.vitrine.importer.transform;

/** A step on the way of an image's data from staging to its stores. */
public sealed interface ImportPlugin permits Decompression, ImageConversion, MetadataInjection {
  /** As the configuration and checkpoints call it. */
  String name();

  /** What users are told has failed. */
  String title();

  /** Does its work, unless the image has no need of it. Waits. */
  Made apply(Work work, Made made) throws Exception;
}
