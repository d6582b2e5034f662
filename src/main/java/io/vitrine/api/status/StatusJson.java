package io.vitrine.api.status;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.access.quota.Resource;
import io.vitrine.catalog.status.ProjectUsage;
import io.vitrine.catalog.status.QueueState;
import io.vitrine.catalog.status.StoreContents;
import io.vitrine.image.location.StoreRoom;
import io.vitrine.image.location.StoreState;
import io.vitrine.image.task.TaskView;
import io.vitrine.observe.metrics.SampleRing;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The parts of the status in JSON. Sizes are in bytes. */
final class StatusJson {
  private StatusJson() {}

  static <T> JsonArray list(Collection<T> values, Function<T, JsonObject> toJson) {
    return new JsonArray(values.stream().map(toJson).toList());
  }

  static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static JsonObject program(NodeView.Program program) {
    return new JsonObject()
        .put("name", program.node())
        .put("version", program.version())
        .put("revision", program.revision())
        .put("roles", new JsonArray(program.roles().stream().sorted().toList()))
        .put("started_at", time(program.startedAt()));
  }

  static JsonObject queue(QueueState queue) {
    return new JsonObject()
        .put("waiting", queue.waiting())
        .put("running", queue.running())
        .put("workers", queue.workers())
        .put("oldest_seconds", Math.round(queue.oldestSeconds()))
        .put("tasks", list(queue.first(), StatusJson::task));
  }

  private static JsonObject task(TaskView task) {
    var image = task.image();
    return new JsonObject()
        .put("id", task.id().toString())
        .put("image_id", image == null ? null : image.toString())
        .put("type", task.type())
        .put("status", task.status())
        .put("owner", task.owner())
        .put("message", task.message())
        .put("progress", new JsonArray(task.progress()))
        .put("created_at", time(task.createdAt()));
  }

  static JsonObject cache(NodeView.Cache cache) {
    var images = cache.images().images();
    return new JsonObject()
        .put("images", images.size())
        .put("bytes", images.stream().mapToLong(each -> each.sizeBytes()).sum())
        .put("max_bytes", cache.maxBytes());
  }

  static JsonObject health(StoreState state) {
    var health = new JsonObject().put("state", state.isUp() ? "up" : "down");
    return state.isUp()
        ? health
        : health.put("reason", state.reason()).put("since", time(state.since()));
  }

  static JsonObject room(StoreRoom room) {
    return new JsonObject()
        .put("free_bytes", room.freeBytes())
        .put("total_bytes", room.totalBytes());
  }

  static JsonObject contents(StoreContents contents) {
    var scrub = contents.scrub();
    var survey = contents.survey();
    return new JsonObject()
        .put("blobs", contents.blobs())
        .put("bytes", contents.bytes())
        .put(
            "scrub",
            new JsonObject()
                .put("unread", scrub.unread())
                .put("missing", scrub.missing())
                .put("damaged", scrub.damaged())
                .put("oldest_at", time(scrub.oldest()))
                .put("orphans", survey.orphans())
                .put("orphan_bytes", survey.orphanBytes())
                .put("surveyed_at", time(survey.oldest())));
  }

  static JsonObject project(ProjectUsage usage) {
    return new JsonObject()
        .put("project", usage.project().isEmpty() ? null : usage.project())
        .put("images", amount(usage, Resource.IMAGE_COUNT_TOTAL))
        .put("uploading", amount(usage, Resource.IMAGE_COUNT_UPLOADING))
        .put("bytes", amount(usage, Resource.IMAGE_SIZE_TOTAL))
        .put("staged_bytes", amount(usage, Resource.IMAGE_STAGE_TOTAL));
  }

  private static JsonObject amount(ProjectUsage usage, Resource resource) {
    var most = usage.limits().most(resource);
    return new JsonObject()
        .put("used", usage.used().getOrDefault(resource, 0L))
        .put("limit", most.isPresent() ? most.getAsLong() : null);
  }

  static JsonObject samples(SampleRing.Samples samples) {
    var series = new JsonObject();
    samples.series().forEach((name, values) -> series.put(name, numbers(values)));
    return new JsonObject().put("times", new JsonArray(samples.seconds())).put("series", series);
  }

  /** Three digits after the point are enough, and none for what is whole. */
  private static JsonArray numbers(List<Double> values) {
    var numbers = new JsonArray();
    for (double value : values) {
      double rounded = Math.round(value * 1000) / 1000.0;
      numbers.add(rounded == Math.rint(rounded) ? (Number) (long) rounded : (Number) rounded);
    }
    return numbers;
  }
}
