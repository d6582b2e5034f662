package io.vitrine.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A store of data on other servers.
 *
 * @param urls the permitted URLs; without networks, those of web-download apply
 * @param caFile certificate authorities that replace the JDK's
 * @param compareLength whether the data must have the image's size
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
