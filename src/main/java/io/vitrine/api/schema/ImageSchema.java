package io.vitrine.api.schema;

import static io.vitrine.image.problem.ProblemException.forbidden;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.ImageKeys;
import io.vitrine.image.edit.ImageLimits;
import io.vitrine.image.edit.ImagePatch;
import io.vitrine.image.edit.ImagePatch.Change;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The schema of images in this deployment, both as clients read it and as requests are validated.
 */
public final class ImageSchema {
  private static final String REQUIRED = "required";
  private static final String PROPERTIES = "properties";

  private final ImageLimits limits;
  private final JsonObject served;
  private final Set<Object> required;
  private final JsonSchema whole;

  /**
   * A schema for each described key; validating a value by the whole schema takes many times as
   * long.
   */
  private final Map<String, JsonSchema> parts = new HashMap<>();

  private final JsonSchema others;

  /**
   * Builds the schema from this deployment's formats and properties.
   *
   * @throws io.vitrine.config.ConfigException io.vitrine.config.ConfigException if a described
   *     property has the name of a base attribute
   */
  public ImageSchema(ImageLimits limits, DescribedProperties properties) {
    this.limits = limits;
    served = Schemas.image(limits);
    properties.addTo(served);
    required = served.getJsonArray(REQUIRED, new JsonArray()).stream().collect(Collectors.toSet());
    whole = new JsonSchema(served);
    var optional = served.copy();
    optional.remove(REQUIRED);
    var described = (JsonObject) optional.remove(PROPERTIES);
    described.forEach(
        each ->
            parts.put(
                each.getKey(),
                new JsonSchema(
                    optional
                        .copy()
                        .put(PROPERTIES, new JsonObject().put(each.getKey(), each.getValue())))));
    others = new JsonSchema(optional);
  }

  /** Whether the schema describes the key. */
  public boolean describes(String key) {
    return parts.containsKey(key);
  }

  /** The schema in {@code GET /v2/schemas/image}. */
  public JsonObject served() {
    return served.copy();
  }

  /** Requires that a new image sets only writable keys, to valid values. */
  public JsonObject requireNew(JsonObject image) {
    image.fieldNames().stream()
        .filter(key -> !key.equals("id"))
        .forEach(ImageKeys::requireWrittenByUsers);
    limits.checkProperties(
        image.fieldNames().stream().filter(ImageKeys::isExtra).collect(Collectors.toSet()));
    var checked = new JsonObject();
    image.forEach(
        entry -> {
          if (!isPlain(entry.getKey(), entry.getValue())) {
            checked.put(entry.getKey(), entry.getValue());
          }
        });
    whole.require(checked);
    return image;
  }

  /** Whether a value is valid without the schema, as most values of an image are. */
  private boolean isPlain(String key, @Nullable Object value) {
    return value instanceof String && !parts.containsKey(key) && !isRequired(key);
  }

  private boolean isRequired(String key) {
    return required.contains(key);
  }

  /** Requires that a patch sets only writable keys, to valid values. */
  public ImagePatch require(ImagePatch patch) {
    for (var change : patch.changes()) {
      ImageKeys.requireWrittenByUsers(change.key());
      switch (change) {
        case Change.Setting setting -> require(setting.key(), setting.value());
        case Change.Remove removal -> requireDispensable(removal.key());
      }
    }
    return patch;
  }

  /** Requires that a value is valid for the key. */
  public void require(String key, @Nullable Object value) {
    if (!(value instanceof String) || parts.containsKey(key)) {
      parts.getOrDefault(key, others).require(new JsonObject().put(key, value));
    }
  }

  private void requireDispensable(String key) {
    if (isRequired(key)) {
      throw forbidden("Property %s may not be removed.".formatted(key));
    }
  }
}
