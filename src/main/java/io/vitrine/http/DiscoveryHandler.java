package io.vitrine.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Says what the service offers: versions, import methods, stores, schemas. */
final class DiscoveryHandler {
  /** The prefixes of the API's paths, newest first. */
  static final List<String> VERSIONS =
      List.of(
          "v2.17", "v2.15", "v2.13", "v2.12", "v2.11", "v2.10", "v2.9", "v2.8", "v2.7", "v2.6",
          "v2.5", "v2.4", "v2.3", "v2.2", "v2.1", "v2.0");

  private final ApiOffer offer;
  private final JsonObject imageSchema;
  private final JsonObject imagesSchema;

  DiscoveryHandler(ApiOffer offer) {
    this.offer = offer;
    this.imageSchema = Schemas.image(offer.limits());
    this.imagesSchema = Schemas.images(imageSchema);
  }

  void versions(RoutingContext context) {
    Responses.json(context, 200, versionList(context));
  }

  /** For paths without a version that is known. */
  void choices(RoutingContext context) {
    Responses.json(context, 300, versionList(context));
  }

  private static JsonObject versionList(RoutingContext context) {
    var versions = new JsonArray();
    for (var version : VERSIONS) {
      var link =
          new JsonObject().put("rel", "self").put("href", Links.base(context.request()) + "/v2/");
      versions.add(
          new JsonObject()
              .put("id", version)
              .put("status", version.equals(VERSIONS.getFirst()) ? "CURRENT" : "SUPPORTED")
              .put("links", new JsonArray().add(link)));
    }
    return new JsonObject().put("versions", versions);
  }

  void importMethods(RoutingContext context) {
    var methods =
        new JsonObject()
            .put("description", "Import methods available.")
            .put("type", "array")
            .put("value", new JsonArray(offer.importMethods()));
    Responses.json(context, 200, new JsonObject().put("import-methods", methods));
  }

  void imageSchema(RoutingContext context) {
    Responses.json(context, 200, imageSchema);
  }

  void imagesSchema(RoutingContext context) {
    Responses.json(context, 200, imagesSchema);
  }
}
