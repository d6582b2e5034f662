package io.vitrine.catalog.tasks;

import io.vertx.core.json.JsonObject;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.image.Digests;
import io.vitrine.image.task.SourceImage;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The metadata that an import copies from an image of another region, as stored in its task. */
final class Sources {
  private Sources() {}

  static JsonObject toJson(SourceImage source) {
    var json =
        new JsonObject()
            .put("disk_format", source.diskFormat())
            .put("container_format", source.containerFormat())
            .put("size", source.sizeBytes())
            .put("properties", Rows.toJson(source.properties()));
    source
        .digests()
        .ifPresent(
            digests ->
                json.put("checksum", digests.md5())
                    .put("os_hash_algo", digests.algorithm())
                    .put("os_hash_value", digests.value()));
    return json;
  }

  static Optional<SourceImage> toSource(@Nullable JsonObject json) {
    return Optional.ofNullable(json)
        .map(
            kept ->
                new SourceImage(
                    kept.getString("disk_format"),
                    kept.getString("container_format"),
                    kept.getLong("size"),
                    toDigests(kept),
                    toMap(kept.getJsonObject("properties"))));
  }

  private static Optional<Digests> toDigests(JsonObject json) {
    return Optional.ofNullable(json.getString("os_hash_value"))
        .map(
            value ->
                new Digests(json.getString("checksum"), json.getString("os_hash_algo"), value));
  }

  private static Map<String, String> toMap(JsonObject json) {
    var map = new TreeMap<String, String>();
    json.forEach(entry -> map.put(entry.getKey(), String.valueOf(entry.getValue())));
    return map;
  }
}
