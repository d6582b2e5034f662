package io.vitrine.api.imports;

import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.notFound;

import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.images.ImageJson;
import io.vitrine.api.query.ListQuery;
import io.vitrine.api.request.ApiTerms;
import io.vitrine.api.request.Links;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.tasks.TaskCatalog;
import io.vitrine.image.Caller;
import io.vitrine.image.ImageId;
import io.vitrine.image.task.TaskQuery;
import io.vitrine.image.task.TaskView;
import io.vitrine.transfer.bus.Addresses;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The deprecated tasks API. A task of type import creates an image and imports its data from a URL,
 * like an import into an existing image. As in Glance, the image named in a task's input shows as
 * the task's image; the one that it creates is in its result.
 */
public final class LegacyTasksHandler {
  private static final String TASKS = "/v2/tasks";
  private static final List<String> STATUSES =
      List.of("pending", "processing", "success", "failure");

  private final TaskCatalog tasks;
  private final LegacyImports imports;
  private final ApiTerms terms;
  private final EventBus bus;

  /** Creates the handler. */
  public LegacyTasksHandler(
      TaskCatalog tasks, LegacyImports imports, ApiTerms terms, EventBus bus) {
    this.tasks = tasks;
    this.imports = imports;
    this.terms = terms;
    this.bus = bus;
  }

  /** {@code POST /v2/tasks}. */
  public void create(RoutingContext context) {
    imports
        .make(
            TaskOrder.read(Requests.object(context)),
            caller(context),
            Requests.taskOrigin(context),
            Requests.token(context))
        .onSuccess(
            task -> {
              bus.publish(Addresses.IMPORT_WAKE, "");
              var location = Links.absolute(context, self(task));
              context.response().putHeader(HttpHeaders.LOCATION, location);
              Responses.json(context, 201, toJson(task));
            })
        .onFailure(context::fail);
  }

  /** {@code GET /v2/tasks}. */
  public void list(RoutingContext context) {
    var caller = caller(context);
    var parameters = context.queryParams();
    var query = query(parameters);
    tasks
        .list(query, caller)
        .onSuccess(found -> listed(context, query.limit(), found))
        .onFailure(context::fail);
  }

  private static void listed(RoutingContext context, int limit, List<TaskView> found) {
    var items = new JsonArray();
    found.forEach(task -> items.add(stub(task)));
    var body =
        new JsonObject()
            .put("tasks", items)
            .put("first", Links.first(TASKS, context.queryParams()))
            .put("schema", "/v2/schemas/tasks");
    if (limit > 0 && found.size() == limit) {
      var last = found.getLast().id().toString();
      body.put("next", Links.next(TASKS, context.queryParams(), last));
    }
    Responses.json(context, 200, body);
  }

  /** {@code GET /v2/tasks/{id}}. */
  public void show(RoutingContext context) {
    var caller = caller(context);
    var text = Objects.requireNonNullElse(context.pathParam("task"), "");
    var id = uuid(text).orElseThrow(() -> notFound("No task found with ID %s".formatted(text)));
    tasks
        .get(id, caller)
        .onSuccess(task -> Responses.json(context, 200, toJson(task)))
        .onFailure(context::fail);
  }

  private Caller caller(RoutingContext context) {
    var caller = Requests.caller(context);
    terms.access().require(caller, Rule.TASKS_API_ACCESS, Map.of());
    return caller;
  }

  private TaskQuery query(MultiMap parameters) {
    var direction = Objects.requireNonNullElse(parameters.get("sort_dir"), "desc");
    if (!direction.equals("asc") && !direction.equals("desc")) {
      throw invalid("Invalid sort direction: %s; use asc or desc".formatted(direction));
    }
    requireOne(parameters, "status", STATUSES);
    requireOne(parameters, "type", List.of(TaskCatalog.IMPORT));
    return new TaskQuery(
        ListQuery.limit(parameters, terms.capabilities()),
        Optional.ofNullable(parameters.get("marker")).map(LegacyTasksHandler::marker),
        key(Objects.requireNonNullElse(parameters.get("sort_key"), "created_at")),
        direction.equals("desc"),
        texts(parameters));
  }

  private static Map<TaskQuery.Attribute, String> texts(MultiMap parameters) {
    var texts = new EnumMap<TaskQuery.Attribute, String>(TaskQuery.Attribute.class);
    for (var attribute : TaskQuery.Attribute.values()) {
      Optional.ofNullable(parameters.get(attribute.name().toLowerCase(Locale.ROOT)))
          .ifPresent(text -> texts.put(attribute, text));
    }
    return texts;
  }

  private static UUID marker(String text) {
    return uuid(text).orElseThrow(() -> invalid("Invalid marker format: " + text));
  }

  private static Optional<UUID> uuid(String text) {
    return ImageId.parse(text).map(ImageId::value);
  }

  private static TaskQuery.Key key(String text) {
    return Arrays.stream(TaskQuery.Key.values())
        .filter(key -> key.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(() -> invalid("Invalid sort_key: " + text));
  }

  /** Checks a filter value. An empty value is allowed, as in Glance, and matches nothing. */
  private static void requireOne(MultiMap parameters, String key, List<String> allowed) {
    var value = Objects.requireNonNullElse(parameters.get(key), "");
    if (!value.isEmpty() && !allowed.contains(value)) {
      throw invalid("Invalid %s value: %s; use one of %s".formatted(key, value, allowed));
    }
  }

  private static String self(TaskView task) {
    return TASKS + "/" + task.id();
  }

  private static JsonObject toJson(TaskView task) {
    var json = stub(task);
    json.put("input", new JsonObject(task.input()))
        .put("result", task.result() == null ? null : new JsonObject(task.result()))
        .put("message", task.message());
    if (task.input().get("image_id") instanceof String image) {
      json.put("image_id", image);
    }
    if (task.requestId() != null) {
      json.put("request_id", task.requestId());
    }
    if (task.user() != null) {
      json.put("user_id", task.user());
    }
    return json;
  }

  private static JsonObject stub(TaskView task) {
    var json =
        new JsonObject()
            .put("id", task.id().toString())
            .put("type", task.type())
            .put("status", task.status())
            .put("owner", task.owner())
            .put("created_at", ImageJson.time(task.createdAt()))
            .put("updated_at", ImageJson.time(task.updatedAt()))
            .put("self", self(task))
            .put("schema", "/v2/schemas/task");
    if (task.expiresAt() != null) {
      json.put("expires_at", ImageJson.time(task.expiresAt()));
    }
    return json;
  }
}
