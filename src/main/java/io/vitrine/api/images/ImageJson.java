package io.vitrine.api.images;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.schema.ImageSchema;
import io.vitrine.image.Image;
import io.vitrine.image.edit.PropertyGuard;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The JSON of images. */
public final class ImageJson {
  private ImageJson() {}

  /**
   * The image without its stores, and without the extra properties that the caller may not read. As
   * in Glance, a property without a value is null if the schema describes it, else an empty string.
   */
  static JsonObject of(Image image, PropertyGuard guard, ImageSchema schema) {
    var self = "/v2/images/" + image.id();
    var json = new JsonObject();
    image
        .properties()
        .forEach(
            (name, value) -> {
              if (guard.allows(PropertyGuard.Operation.READ, name)) {
                json.put(name, value == null && !schema.describes(name) ? "" : value);
              }
            });
    json.put("id", image.id().toString())
        .put("name", image.name())
        .put("status", image.status().text())
        .put("visibility", image.visibility().text())
        .put("protected", image.isProtected())
        .put("os_hidden", image.isHidden())
        .put("owner", image.owner())
        .put("disk_format", image.diskFormat())
        .put("container_format", image.containerFormat())
        .put("min_disk", image.minDisk())
        .put("min_ram", image.minRam())
        .put("size", image.size())
        .put("virtual_size", image.virtualSize())
        .put("checksum", image.digests() == null ? null : image.digests().md5())
        .put("os_hash_algo", image.hashAlgorithm())
        .put("os_hash_value", image.digests() == null ? null : image.digests().value())
        .put("tags", new JsonArray(List.copyOf(image.tags())))
        .put("created_at", time(image.createdAt()))
        .put("updated_at", time(image.updatedAt()))
        .put("self", self)
        .put("file", self + "/file")
        .put("schema", "/v2/schemas/image");
    return json;
  }

  /** A time in the format of the API: whole seconds, UTC. */
  public static String time(Instant instant) {
    return DateTimeFormatter.ISO_INSTANT.format(instant.truncatedTo(ChronoUnit.SECONDS));
  }
}
