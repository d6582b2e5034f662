package io.vitrine.api.imports;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.tasks.TaskQueue;
import io.vitrine.image.task.TaskView;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Lists the tasks of an image: {@code GET /v2/images/{id}/tasks}. */
public final class TasksHandler {
  /** Glance's format of these times, without a zone. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  private final ImageCatalog catalog;
  private final Access access;
  private final TaskQueue tasks;

  /** Creates the handler; {@code access} guards the image, {@code tasks} hides those of others. */
  public TasksHandler(ImageCatalog catalog, Access access, TaskQueue tasks) {
    this.catalog = catalog;
    this.access = access;
    this.tasks = tasks;
  }

  /** {@code GET /v2/images/{id}/tasks}; 404 if the caller does not see the image. */
  public void ofImage(RoutingContext context) {
    var caller = Requests.caller(context);
    catalog
        .get(Requests.imageId(context), caller)
        .map(access.permit(caller, Rule.GET_IMAGE)::require)
        .compose(image -> tasks.ofImage(image.id(), caller))
        .onSuccess(
            found -> {
              var items = new JsonArray();
              var image = Requests.imageId(context).toString();
              found.forEach(task -> items.add(toJson(task).put("image_id", image)));
              Responses.json(context, 200, new JsonObject().put("tasks", items));
            })
        .onFailure(context::fail);
  }

  private static JsonObject toJson(TaskView task) {
    return new JsonObject()
        .put("id", task.id().toString())
        .put("type", task.type())
        .put("status", task.status())
        .put("owner", task.owner())
        .put("expires_at", time(task.expiresAt()))
        .put("created_at", time(task.createdAt()))
        .put("updated_at", time(task.updatedAt()))
        .put("deleted", false)
        .put("deleted_at", null)
        .put("input", new JsonObject(task.input()))
        .put("result", task.result() == null ? null : new JsonObject(task.result()))
        .put("message", task.message())
        .put("progress", new JsonArray(task.progress()))
        .put("request_id", task.requestId())
        .put("user_id", task.user());
  }

  private static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : TIME.format(instant);
  }
}
