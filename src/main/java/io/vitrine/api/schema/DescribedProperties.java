package io.vitrine.api.schema;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Extra properties that the deployment describes, in the format of Glance's schema-image.json: JSON
 * schemas by name, or an object with "properties" and "required".
 *
 * @param required the properties that every new image must have
 */
public record DescribedProperties(JsonObject properties, JsonArray required) {
  /** No descriptions: any string is accepted. */
  public static final DescribedProperties NONE =
      new DescribedProperties(new JsonObject(), new JsonArray());

  private static final String PROPERTIES = "properties";
  private static final String REQUIRED = "required";

  /** The types that the value of an extra property can have. */
  private static final Set<String> TYPES = Set.of("string", "null");

  /** The properties that Glance's packages describe, with their allowed values. */
  public static DescribedProperties builtin() {
    return new DescribedProperties(Schemas.load("/schemas/image-properties.json"), new JsonArray());
  }

  /**
   * Reads a file.
   *
   * @throws ConfigException ConfigException if the file is unusable; the message lists all faults
   */
  public static DescribedProperties read(Path file) {
    var json = parse(file);
    if (!json.containsKey(PROPERTIES)) {
      json = new JsonObject().put(PROPERTIES, json);
    }
    // Glance accepts an empty list, which draft 4 forbids.
    if (new JsonArray().equals(json.getValue(REQUIRED)) || json.getValue(REQUIRED) == null) {
      json.remove(REQUIRED);
    }
    var faults = JsonSchema.faultsOf(json);
    if (faults.isEmpty()) {
      faults = wrongTypes(json.getJsonObject(PROPERTIES));
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults.stream().map(fault -> complaint(file, fault)).toList());
    }
    return new DescribedProperties(
        json.getJsonObject(PROPERTIES), json.getJsonArray(REQUIRED, new JsonArray()));
  }

  private static JsonObject parse(Path file) {
    try {
      return Buffer.buffer(Files.readAllBytes(file)).toJsonObject();
    } catch (IOException failure) {
      throw new ConfigException(List.of(complaint(file, "cannot be read: " + failure)));
    } catch (DecodeException | ClassCastException malformed) {
      throw new ConfigException(List.of(complaint(file, "does not hold a JSON object")));
    }
  }

  private static List<String> wrongTypes(JsonObject properties) {
    return properties.fieldNames().stream()
        .filter(name -> !TYPES.containsAll(types(properties.getJsonObject(name))))
        .map(
            name ->
                "/properties/%s/type: the type must be \"string\", or \"string\" and \"null\""
                    .formatted(name))
        .toList();
  }

  private static List<?> types(JsonObject schema) {
    return switch (schema.getValue("type")) {
      case null -> List.of();
      case JsonArray types -> types.getList();
      case Object type -> List.of(type);
    };
  }

  private static String complaint(Path file, String fault) {
    return "image.schema_file: %s: %s".formatted(file, fault);
  }

  /** Adds the properties to the schema of images, marked as extra properties. */
  void addTo(JsonObject schema) {
    var base = schema.getJsonObject(PROPERTIES);
    properties.forEach(
        property -> {
          var name = property.getKey();
          var described = (JsonObject) property.getValue();
          if (base.containsKey(name) && !described.equals(base.getValue(name))) {
            throw new ConfigException(
                List.of(
                    "image.schema_file: %s is a property of every image and cannot be described"
                        .formatted(name)));
          }
          base.put(name, described.copy().put("is_base", false));
        });
    if (!required.isEmpty()) {
      schema.put(REQUIRED, required);
    }
  }
}
