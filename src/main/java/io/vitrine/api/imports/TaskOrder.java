package io.vitrine.api.imports;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.schema.JsonSchema;
import io.vitrine.api.schema.Schemas;
import io.vitrine.catalog.tasks.TaskCatalog;
import io.vitrine.image.task.LocationTask;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A request for a new task. The input may be any object: what it lacks fails the task, not the
 * request.
 */
record TaskOrder(String type, JsonObject input) {
  private static final String OF_THE_IMAGE =
      "Create such a task through the image: POST /v2/images/{id}/import or"
          + " /v2/images/{id}/locations.";

  private static final JsonSchema SCHEMA = new JsonSchema(Schemas.newTask());

  /** Parses the body; refuses anything but a task. */
  static TaskOrder read(JsonObject body) {
    SCHEMA.require(body);
    return new TaskOrder(body.getString("type"), body.getJsonObject("input"));
  }

  boolean isImport() {
    return type.equals(TaskCatalog.IMPORT);
  }

  /** The URL of the data to import, checked at once. */
  String source() {
    if (input.getValue("import_from") instanceof String source) {
      return source;
    }
    throw invalid("An import needs a URL as import_from.");
  }

  /** The source format; only for an import without a fault. */
  String format() {
    return input.getString("import_from_format");
  }

  /** The properties of the image to create; only for an import without a fault. */
  JsonObject properties() {
    return input.getJsonObject("image_properties");
  }

  /** Why the task will fail; empty if it can be worked on. */
  Optional<String> fault() {
    if (isImport()) {
      return importFault();
    }
    if (input.isEmpty()) {
      return Optional.of("Input to %s task is empty.".formatted(type));
    }
    return Stream.concat(lacked(), Stream.of(OF_THE_IMAGE)).findFirst();
  }

  private Stream<String> lacked() {
    return type.equals(LocationTask.TYPE)
        ? Stream.of("image_id", "loc_url", "validation_data")
            .filter(field -> !input.containsKey(field))
            .flatMap(field -> lack(field).stream())
        : Stream.of("Missing required 'image_id' field")
            .filter(lacks -> !input.containsKey("image_id"));
  }

  private Optional<String> importFault() {
    if (!(input.getValue("import_from_format") instanceof String)) {
      return lack("import_from_format");
    }
    return input.getValue("image_properties") instanceof JsonObject
        ? Optional.empty()
        : lack("image_properties");
  }

  private static Optional<String> lack(String field) {
    return Optional.of("Input does not contain '%s' field".formatted(field));
  }
}
