package io.vitrine.api.images;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.request.Requests;
import io.vitrine.image.edit.ImagePatch;
import io.vitrine.image.edit.ImagePatch.Change;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Parses both dialects of JSON Patch that the Image API accepts: {@code {"op", "path", "value"}}
 * (draft 10, media type v2.1) and {@code {"replace": path, "value"}} (draft 4, media type v2.0).
 */
final class JsonPatch {
  private static final String V21 = "application/openstack-images-v2.1-json-patch";
  private static final String V20 = "application/openstack-images-v2.0-json-patch";

  /** The media types, for the header {@code Accept-Patch}. */
  static final String OFFERED = V21 + ", " + V20;

  private static final List<String> OPERATIONS = List.of("add", "replace", "remove");

  private JsonPatch() {}

  static boolean isOffered(@Nullable String contentType) {
    var type = Requests.mediaType(contentType);
    return type.equals(V21) || type.equals(V20);
  }

  static ImagePatch parse(JsonArray operations, String contentType) {
    boolean isDraft4 = Requests.mediaType(contentType).equals(V20);
    return new ImagePatch(
        IntStream.range(0, operations.size())
            .mapToObj(operations::getValue)
            .map(JsonPatch::requireObject)
            .map(operation -> isDraft4 ? fromDraft4(operation) : toChange(operation))
            .toList());
  }

  private static JsonObject requireObject(Object operation) {
    if (operation instanceof JsonObject object) {
      return object;
    }
    throw invalid("Operations must be JSON objects.");
  }

  /**
   * Reads an operation of draft 4, where "add" fails if there is a value; in draft 10 it replaces
   * the value.
   */
  private static Change fromDraft4(JsonObject operation) {
    var change = toChange(toDraft10(operation));
    return change instanceof Change.Add(String key, Object value)
        ? new Change.AddNew(key, value)
        : change;
  }

  private static JsonObject toDraft10(JsonObject operation) {
    var names = OPERATIONS.stream().filter(operation::containsKey).toList();
    if (names.size() != 1) {
      throw invalid("Operation objects must contain exactly one of add, replace and remove.");
    }
    var draft10 =
        operation
            .copy()
            .put("op", names.getFirst())
            .put("path", operation.getValue(names.getFirst()));
    draft10.remove(names.getFirst());
    return draft10;
  }

  private static Change toChange(JsonObject operation) {
    var name = text(operation, "op");
    var key = key(text(operation, "path"));
    return switch (name) {
      case "add" -> new Change.Add(key, value(operation));
      case "replace" -> new Change.Replace(key, value(operation));
      case "remove" -> new Change.Remove(key);
      default ->
          throw invalid(
              "Operations must be one of add, replace and remove, not '%s'.".formatted(name));
    };
  }

  private static @Nullable Object value(JsonObject operation) {
    if (!operation.containsKey("value")) {
      throw invalid(
          "Operation \"%s\" requires a member named \"value\"."
              .formatted(operation.getValue("op")));
    }
    return operation.getValue("value") instanceof JsonArray array
        ? array.getList()
        : operation.getValue("value");
  }

  private static String text(JsonObject operation, String member) {
    return Optional.ofNullable(operation.getValue(member))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .orElseThrow(
            () ->
                invalid(
                    "Operation objects must contain a string member named \"%s\"."
                        .formatted(member)));
  }

  /** The single segment of a JSON Pointer (RFC 6901) to a member of an image. */
  private static String key(String pointer) {
    if (!pointer.startsWith("/")) {
      throw invalid("Pointer `%s` does not start with \"/\".".formatted(pointer));
    }
    var segment = pointer.substring(1);
    if (segment.isEmpty() || segment.endsWith("/") || segment.contains("//")) {
      throw invalid("Pointer `%s` contains an empty segment.".formatted(pointer));
    }
    if (segment.contains("/")) {
      throw invalid("Invalid JSON pointer for this resource: '%s'".formatted(pointer));
    }
    if (segment.matches(".*~([^01].*)?")) {
      throw invalid(
          "Pointer `%s` contains \"~\" not part of a recognized escape sequence."
              .formatted(pointer));
    }
    return segment.replace("~1", "/").replace("~0", "~");
  }
}
