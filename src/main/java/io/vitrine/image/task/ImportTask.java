package io.vitrine.image.task;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
 */
public record ImportTask(
    TaskHead head,
    ImportMethod method,
    List<String> stores,
    List<String> waiting,
    boolean allMustSucceed,
    Optional<StoredBlob> staged,
    Optional<SourceImage> source,
    List<BlobRef> copies,
    Set<String> roles,
    Set<String> plugins)
    implements LeasedTask {
  /** Copies the collections. */
  public ImportTask {
    stores = List.copyOf(stores);
    waiting = List.copyOf(waiting);
    copies = List.copyOf(copies);
    roles = Set.copyOf(roles);
    plugins = Set.copyOf(plugins);
  }

  @Override
  public String name() {
    return method.text();
  }

  @Override
  public Workload workload() {
    return switch (method) {
      case ImportMethod.WebDownload _, ImportMethod.GlanceDownload _ ->
          staged.isEmpty() && copies.isEmpty() ? Workload.FETCH : Workload.COMPUTE;
      case ImportMethod.GlanceDirect _, ImportMethod.CopyImage _ -> Workload.COMPUTE;
    };
  }
}
