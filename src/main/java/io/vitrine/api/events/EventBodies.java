package io.vitrine.api.events;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.catalog.events.UploadProgress;
import io.vitrine.image.Image;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.task.TaskView;
import java.util.Objects;

/** What events tell, as JSON. Extra properties are left out, as not every reader may see them. */
final class EventBodies {
  private EventBodies() {}

  /** The state of an image that changes while it gets its data. */
  static JsonObject state(Image image) {
    return new JsonObject()
        .put("id", image.id().toString())
        .put("status", image.status().text())
        .put("size", image.size())
        .put("virtual_size", image.virtualSize())
        .put("disk_format", image.diskFormat())
        .put("stores", String.join(",", image.stores()))
        .put("os_glance_importing_to_stores", stores(image, "os_glance_importing_to_stores"))
        .put("os_glance_failed_import", stores(image, "os_glance_failed_import"));
  }

  private static String stores(Image image, String property) {
    return Objects.requireNonNullElse(image.properties().get(property), "");
  }

  /** What a list shows of an image. */
  static JsonObject listed(Image image) {
    return state(image)
        .put("name", image.name())
        .put("owner", image.owner())
        .put("visibility", image.visibility().text())
        .put("protected", image.isProtected())
        .put("os_hidden", image.isHidden())
        .put("container_format", image.containerFormat())
        .put("tags", new JsonArray(image.tags().stream().toList()))
        .put("created_at", image.createdAt().toString())
        .put("updated_at", image.updatedAt().toString());
  }

  /** A task. */
  static JsonObject task(TaskView task) {
    return new JsonObject()
        .put("id", task.id().toString())
        .put("type", task.type())
        .put("status", task.status())
        .put("message", task.message())
        .put("progress", new JsonArray(task.progress()));
  }

  /** How far the uploads of an image are; {@code eta} is in seconds. */
  static JsonObject progress(UploadProgress upload) {
    return new JsonObject()
        .put("image_id", upload.image().toString())
        .put("kind", kind(upload.purpose()))
        .put("bytes", upload.bytes())
        .put("total", upload.total().orElse(null))
        .put("rate", upload.bytesPerSecond())
        .put("eta", upload.remainingSeconds().orElse(null));
  }

  private static String kind(BlobRef.Purpose purpose) {
    return switch (purpose) {
      case IMAGE -> "file";
      case STAGING -> "stage";
    };
  }
}
