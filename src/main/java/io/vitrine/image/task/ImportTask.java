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
 * An import that a worker has leased.
 *
 * @param stores all stores that the image's data goes to
 * @param waiting checkpoint: those of them that it is not in yet, and may still get to
 * @param allMustSucceed whether the import fails as a whole when one of the stores does
 * @param staged checkpoint: the data to import is already staged here
 * @param source checkpoint: what the staged data is in the region that it comes from
 * @param copies where the data to store lies already, as it is to be stored
 * @param roles those of the user who asked for the import, in lower case
 * @param plugins checkpoint: the plugins that the staged data has been through
 * @param attempt counts from 1; those that were nobody's fault do not count
 * @param project whose task it is
 * @param lease the worker's hold on it
 * @param traceparent the trace of the request for it, as W3C Trace Context has it
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

  /** What the work on a task waits for most of the time. */
  public enum Stage {
    /** Servers of others, while data is fetched from them. */
    FETCH,
    /** Processors and disks, while data is converted and stored. */
    WORK;

    /** The name in the catalog. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What comes next. */
  public Stage stage() {
    return switch (method) {
      case ImportMethod.AtLocation _ -> Stage.FETCH;
      case ImportMethod.WebDownload _, ImportMethod.GlanceDownload _ ->
          staged.isEmpty() && copies.isEmpty() ? Stage.FETCH : Stage.WORK;
      case ImportMethod.GlanceDirect _, ImportMethod.CopyImage _ -> Stage.WORK;
    };
  }
}
