package io.vitrine.access.keystone;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.net.address.Url;
import io.vitrine.net.address.UrlException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The services that Keystone lists for the owner of a token. */
record ServiceCatalog(JsonArray services) {
  /** Reads it from the answer of {@code GET /v3/auth/tokens}. */
  static ServiceCatalog parse(JsonObject answer) {
    var token = answer.getJsonObject("token", new JsonObject());
    return new ServiceCatalog(token.getJsonArray("catalog", new JsonArray()));
  }

  /** The endpoint of a region's Image API, without its version; region names ignore case. */
  Optional<Url> imageEndpoint(String region, String serviceInterface) {
    return objects(services)
        .filter(service -> "image".equals(service.getValue("type")))
        .flatMap(service -> objects(service.getJsonArray("endpoints", new JsonArray())))
        .filter(isIn(region))
        .filter(endpoint -> serviceInterface.equals(endpoint.getValue("interface")))
        .flatMap(endpoint -> Stream.ofNullable(endpoint.getString("url")))
        .flatMap(url -> web(url.replaceAll("/+$", "").replaceAll("/v2$", "")).stream())
        .findFirst();
  }

  private static Predicate<JsonObject> isIn(String region) {
    return endpoint ->
        region.equalsIgnoreCase(String.valueOf(endpoint.getValue("region")))
            || region.equalsIgnoreCase(String.valueOf(endpoint.getValue("region_id")));
  }

  private static Optional<Url> web(String url) {
    try {
      return Optional.of(Url.parseHttp(url));
    } catch (UrlException malformed) {
      return Optional.empty();
    }
  }

  private static Stream<JsonObject> objects(JsonArray array) {
    return array.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast);
  }
}
