package io.vitrine.identity;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The services that Keystone names to the owner of a token. */
record ServiceCatalog(JsonArray services) {
  /** Reads it from the answer of {@code GET /v3/auth/tokens}. */
  static ServiceCatalog parse(JsonObject answer) {
    var token = answer.getJsonObject("token", new JsonObject());
    return new ServiceCatalog(token.getJsonArray("catalog", new JsonArray()));
  }

  /** Where the Image API of a region is, without its version; regions are told without case. */
  Optional<URI> imageEndpoint(String region, String serviceInterface) {
    return objects(services)
        .filter(service -> "image".equals(service.getValue("type")))
        .flatMap(service -> objects(service.getJsonArray("endpoints", new JsonArray())))
        .filter(isIn(region))
        .filter(endpoint -> serviceInterface.equals(endpoint.getValue("interface")))
        .flatMap(endpoint -> Stream.ofNullable(endpoint.getString("url")))
        .map(url -> URI.create(url.replaceAll("/+$", "").replaceAll("/v2$", "")))
        .filter(ServiceCatalog::isWeb)
        .findFirst();
  }

  private static Predicate<JsonObject> isIn(String region) {
    return endpoint ->
        region.equalsIgnoreCase(String.valueOf(endpoint.getValue("region")))
            || region.equalsIgnoreCase(String.valueOf(endpoint.getValue("region_id")));
  }

  private static boolean isWeb(URI uri) {
    return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        && uri.getHost() != null;
  }

  private static Stream<JsonObject> objects(JsonArray array) {
    return array.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast);
  }
}
