package io.vitrine.image.task;

import io.vitrine.image.Image;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A leased import.
 *
 * @param stores all stores that the image's data goes to
 * @param waiting checkpoint: the stores that still lack the data
 * @param allMustSucceed whether one failed store fails the import
 * @param staged checkpoint: the staged data
 * @param source checkpoint: the source image in the other region
 * @param copies where the final data is already stored
 * @param roles the roles of the user who requested the import, in lower case
 * @param plugins checkpoint: the plugins already applied to the staged data
 * @param attempt counts from 1; attempts that failed through no fault of the task do not count
 * @param project the project that the task belongs to
 * @param lease the worker's lease
 * @param traceparent the request's trace, as in W3C Trace Context
 */
public record ImportTask(
    UUID id,
    Image image,
    ImportMethod method,
    List<String> stores,
    List<String> waiting,
    boolean allMustSucceed,
    Optional<StoredBlob> staged,
    Optional<SourceImage> source,
    List<BlobRef> copies,
    Set<String> roles,
    Set<String> plugins,
    int attempt,
    String project,
    ImportLease lease,
    Optional<String> traceparent) {
  /** Copies the collections. */
  public ImportTask {
    stores = List.copyOf(stores);
    waiting = List.copyOf(waiting);
    copies = List.copyOf(copies);
    roles = Set.copyOf(roles);
    plugins = Set.copyOf(plugins);
  }

  /** The resource that a task needs most. */
  public enum Stage {
    /** Remote servers: the task fetches data. */
    FETCH,
    /** Processors and disks: the task converts and stores data. */
    WORK;

    /** The name in the catalog. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The stage of the next step. */
  public Stage stage() {
    return switch (method) {
      case ImportMethod.AtLocation _ -> Stage.FETCH;
      case ImportMethod.WebDownload _, ImportMethod.GlanceDownload _ ->
          staged.isEmpty() && copies.isEmpty() ? Stage.FETCH : Stage.WORK;
      case ImportMethod.GlanceDirect _, ImportMethod.CopyImage _ -> Stage.WORK;
    };
  }
}
