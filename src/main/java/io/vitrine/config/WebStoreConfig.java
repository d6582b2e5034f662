package io.vitrine.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Servers of others whose data can be that of images.
 *
 * @param urls where it may lie; without networks, those of web-download count
 * @param caFile certificates to trust instead of the system's
 * @param compareLength whether data must be as long as the image is
 */
public record WebStoreConfig(
    @Key("") UrlConfig urls, Optional<Path> caFile, boolean compareLength) {
  static WebStoreConfig from(Section section) {
    return new WebStoreConfig(
        UrlConfig.from(section), section.file("ca_file"), section.flag("compare_length"));
  }

  /** The keys and their defaults. */
  static JsonObject defaults() {
    return new JsonObject()
        .put("allowed_schemes", JsonArray.of("http", "https"))
        .put("disallowed_schemes", new JsonArray())
        .put("allowed_hosts", new JsonArray())
        .put("disallowed_hosts", new JsonArray())
        .put("allowed_ports", new JsonArray())
        .put("disallowed_ports", new JsonArray())
        .put("allowed_networks", new JsonArray())
        .put("disallowed_networks", new JsonArray())
        .put("ca_file", "")
        .put("compare_length", false);
  }
}
