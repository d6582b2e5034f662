package io.vitrine.api.imports;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.images.ImageEdits;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.NewImages;
import io.vitrine.catalog.tasks.ImportRequests;
import io.vitrine.catalog.tasks.TaskCatalog;
import io.vitrine.catalog.tasks.TaskOrigin;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportPlan;
import io.vitrine.image.task.TaskView;
import io.vitrine.net.address.Url;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Makes tasks of the deprecated tasks API: a task creates an image and imports its data. */
public final class LegacyImports {
  private final Catalog catalog;
  private final EncryptedImports encryption;
  private final ImportRules rules;
  private final ImageEdits edits;

  /** The parts of the catalog that tasks change. */
  public record Catalog(
      TaskCatalog tasks, ImageCatalog images, NewImages newImages, ImportRequests imports) {}

  /** Makes tasks by the rules of imports. */
  public LegacyImports(
      Catalog catalog, EncryptedImports encryption, ImportRules rules, ImageEdits edits) {
    this.catalog = catalog;
    this.encryption = encryption;
    this.rules = rules;
    this.edits = edits;
  }

  /**
   * Makes the task, which fails at once if the order has a fault.
   *
   * @param token of the caller, for the image's key
   */
  Future<TaskView> make(TaskOrder order, Caller caller, TaskOrigin origin, Optional<String> token) {
    var source =
        order.isImport() ? Optional.of(rules.uris().check(order.source())) : Optional.<Url>empty();
    var fault = order.fault();
    if (source.isEmpty() || fault.isPresent()) {
      return catalog
          .tasks()
          .refuse(
              caller,
              origin,
              new TaskCatalog.Refused(order.type(), order.input(), fault.orElse("")));
    }
    var method = new ImportMethod.WebDownload(source.get(), Optional.empty());
    return catalog
        .newImages()
        .create(image(caller, order))
        .compose(
            image ->
                submit(image, caller, method, origin)
                    .onSuccess(task -> encryption.claim(image, caller, token)))
        .compose(task -> catalog.tasks().describe(task, order.input()));
  }

  /**
   * The image that the task describes; the source's format is the default for an absent disk
   * format.
   */
  private Image image(Caller caller, TaskOrder order) {
    var edit = edits.create(caller);
    var properties = new JsonObject().put("container_format", "bare");
    properties.put("disk_format", order.format());
    properties.mergeIn(order.properties());
    return edits.describe(edit, properties);
  }

  /** Submits the import; deletes the new image again if that fails. */
  private Future<UUID> submit(Image image, Caller caller, ImportMethod method, TaskOrigin origin) {
    var capabilities = rules.capabilities();
    var stores = new ImportStores(List.of(capabilities.defaultStore()), false, capabilities);
    return catalog
        .imports()
        .submit(
            image.id(),
            new ImportPlan(method, stores.storesFor(image), true),
            new ImportRequests.Submission(caller, origin, Optional.empty()))
        .map(Optional::orElseThrow)
        .recover(
            failure ->
                catalog
                    .images()
                    .delete(image.id(), caller, own -> own)
                    .transform(deleted -> Future.failedFuture(failure)));
  }
}
