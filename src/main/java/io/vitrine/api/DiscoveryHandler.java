package io.vitrine.api;

import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Links;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.api.schema.Schemas;
import java.util.List;
import java.util.Set;

/** Answers what the service offers: versions, import methods, stores and schemas. */
final class DiscoveryHandler {
  /** The prefixes of the API's paths, newest first. */
  private static final List<String> VERSIONS =
      List.of(
          "v2.18", "v2.17", "v2.16", "v2.15", "v2.14", "v2.13", "v2.12", "v2.11", "v2.10", "v2.9",
          "v2.8", "v2.7", "v2.6", "v2.5", "v2.4", "v2.3", "v2.2", "v2.1", "v2.0");

  /** The versions that added cache calls; announced only where there is a cache. */
  private static final Set<String> OF_CACHE = Set.of("v2.18", "v2.16", "v2.14");

  private final List<String> versions;
  private final ApiCapabilities capabilities;
  private final JsonObject imageSchema;
  private final JsonObject imagesSchema;

  DiscoveryHandler(ApiCapabilities capabilities) {
    this.capabilities = capabilities;
    this.versions =
        VERSIONS.stream()
            .filter(version -> capabilities.hasCache() || !OF_CACHE.contains(version))
            .toList();
    this.imageSchema = capabilities.schema().served();
    this.imagesSchema = Schemas.images(imageSchema);
  }

  /** The prefixes of the API's paths that are served, newest first. */
  List<String> versions() {
    return versions;
  }

  void versions(RoutingContext context) {
    Responses.json(context, 200, versionList(context));
  }

  /** Answers paths without a known version: 300 with the versions to choose from. */
  void choices(RoutingContext context) {
    Responses.json(context, 300, versionList(context));
  }

  private JsonObject versionList(RoutingContext context) {
    var versions = new JsonArray();
    for (var version : this.versions) {
      var link = new JsonObject().put("rel", "self").put("href", Links.absolute(context, "/v2/"));
      versions.add(
          new JsonObject()
              .put("id", version)
              .put("status", version.equals(this.versions.getFirst()) ? "CURRENT" : "SUPPORTED")
              .put("links", new JsonArray().add(link)));
    }
    return new JsonObject().put("versions", versions);
  }

  void importMethods(RoutingContext context) {
    var methods =
        new JsonObject()
            .put("description", "Import methods available.")
            .put("type", "array")
            .put("value", new JsonArray(capabilities.importMethods()));
    Responses.json(context, 200, new JsonObject().put("import-methods", methods));
  }

  /** Answers every request with the same document. */
  static Handler<RoutingContext> constant(JsonObject document) {
    return context -> Responses.json(context, 200, document);
  }

  void imageSchema(RoutingContext context) {
    Responses.json(context, 200, imageSchema);
  }

  void imagesSchema(RoutingContext context) {
    Responses.json(context, 200, imagesSchema);
  }
}
