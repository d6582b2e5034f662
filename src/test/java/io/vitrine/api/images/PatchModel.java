package io.vitrine.api.images;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a patch by a member of the owning project makes of an image, told from the JSON alone (API
 * section 4.5). Of several faults any may be reported.
 */
final class PatchModel {
  private static final Set<String> FORBIDDEN =
      Set.of(
          "id",
          "status",
          "size",
          "checksum",
          "created_at",
          "self",
          "schema",
          "direct_url",
          "location",
          "deleted",
          "os_glance_x");
  private static final Set<String> TEXTS = Set.of("name", "owner");
  private static final Set<String> FLAGS = Set.of("protected", "os_hidden");
  private static final Set<String> COUNTS = Set.of("min_disk", "min_ram");
  private static final Set<String> FORMATS = Set.of("disk_format", "container_format");
  private static final Pattern POINTER = Pattern.compile("/(?:[^~/]|~0|~1)+");

  private final boolean isDraft4;
  private final boolean isQueued;
  private final JsonObject image;
  private final Set<Integer> faults = new TreeSet<>();

  private record Operation(String name, String key, Optional<Object> value) {
    @Nullable Object valueOrNull() {
      return value.orElse(null);
    }
  }

  private PatchModel(JsonObject image, boolean isDraft4) {
    this.image = image.copy();
    this.isDraft4 = isDraft4;
    isQueued = image.getString("status").equals("queued");
  }

  /** The model of an image after a patch. */
  static PatchModel of(JsonObject image, RandomPatch patch) {
    var model = new PatchModel(image, patch.isDraft4());
    var operations =
        patch.operations().stream().map(model::operation).flatMap(Optional::stream).toList();
    for (var operation : operations) {
      if (model.isPublishing(operation)) {
        model.faults.add(403);
      }
    }
    for (var operation : operations) {
      if (!model.apply(operation)) {
        break;
      }
    }
    return model;
  }

  /** The statuses that the answer may have; none if the patch is to be applied. */
  Set<Integer> faults() {
    return faults;
  }

  /** The image afterwards. */
  JsonObject image() {
    return image;
  }

  /** Reads an operation, unless it is wrong whatever the image is. */
  private Optional<Operation> operation(@Nullable Object json) {
    if (!(json instanceof JsonObject object) || object.encode().contains("\\u0000")) {
      return fault(400);
    }
    var names = List.of("add", "replace", "remove");
    var name = object.getValue("op");
    var path = object.getValue("path");
    if (isDraft4) {
      var found = names.stream().filter(object::containsKey).toList();
      name = found.size() == 1 ? found.getFirst() : null;
      path = name == null ? null : object.getValue(found.getFirst());
    }
    if (!(name instanceof String verb && names.contains(verb) && path instanceof String pointer)) {
      return fault(400);
    }
    boolean isRemoval = verb.equals("remove");
    if (!POINTER.matcher(pointer).matches() || !(isRemoval || object.containsKey("value"))) {
      return fault(400);
    }
    var key = pointer.substring(1).replace("~1", "/").replace("~0", "~");
    if (FORBIDDEN.contains(key)) {
      return fault(403);
    }
    if (!isRemoval && !isValid(key, object.getValue("value"))) {
      return fault(400);
    }
    return Optional.of(new Operation(verb, key, Optional.ofNullable(object.getValue("value"))));
  }

  private Optional<Operation> fault(int status) {
    faults.add(status);
    return Optional.empty();
  }

  private static boolean isValid(String key, @Nullable Object value) {
    if (key.equals("tags")) {
      return value instanceof JsonArray tags && tags.stream().allMatch(PatchModel::isShortText);
    }
    if (key.equals("visibility")) {
      return Set.of("public", "private", "shared", "community").contains(String.valueOf(value));
    }
    if (FLAGS.contains(key)) {
      return value instanceof Boolean;
    }
    if (COUNTS.contains(key)) {
      return value instanceof Integer count && count >= 0;
    }
    if (FORMATS.contains(key)) {
      return value == null || value.equals(key.equals("disk_format") ? "raw" : "bare");
    }
    if (TEXTS.contains(key)) {
      return value == null || isShortText(value);
    }
    return isShortText(key) && value instanceof String text && isPlain(text);
  }

  private static boolean isShortText(@Nullable Object value) {
    return value instanceof String text && text.length() <= 255 && isPlain(text);
  }

  private static boolean isPlain(String text) {
    return text.codePoints().allMatch(c -> c > 0 && c < 0x10000);
  }

  private static boolean isBase(String key) {
    return TEXTS.contains(key)
        || FLAGS.contains(key)
        || COUNTS.contains(key)
        || FORMATS.contains(key)
        || Set.of("tags", "visibility").contains(key);
  }

  private boolean isPublishing(Operation operation) {
    return operation.key().equals("visibility")
        && !operation.name().equals("remove")
        && "public".equals(operation.valueOrNull());
  }

  /** Whether the operation can be applied. */
  private boolean apply(Operation operation) {
    var key = operation.key();
    boolean isRemoval = operation.name().equals("remove");
    if (isBase(key)) {
      boolean isChange = !Objects.equals(image.getValue(key), operation.valueOrNull());
      if (isRemoval || (isChange && isLocked(key))) {
        faults.add(403);
        return false;
      }
      if (isDraft4 && operation.name().equals("add")) {
        faults.add(409);
        return false;
      }
      image.put(key, key.equals("tags") ? sorted(operation) : operation.valueOrNull());
      return true;
    }
    boolean mustExist = !operation.name().equals("add");
    boolean mayExist = mustExist || !isDraft4;
    if (image.containsKey(key) ? !mayExist : mustExist) {
      faults.add(409);
      return false;
    }
    if (isRemoval) {
      image.remove(key);
    } else {
      image.put(key, operation.valueOrNull());
    }
    return true;
  }

  /** Formats are fixed once there are data; an image is given away by administrators only. */
  private boolean isLocked(String key) {
    return key.equals("owner") || (FORMATS.contains(key) && !isQueued);
  }

  private static JsonArray sorted(Operation operation) {
    var tags = new TreeSet<String>();
    ((JsonArray) operation.value().orElseThrow()).forEach(tag -> tags.add((String) tag));
    return new JsonArray(List.copyOf(tags));
  }
}
