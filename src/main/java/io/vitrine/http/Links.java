package io.vitrine.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vitrine.image.ImageId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Links in answers. */
final class Links {
  private static final String MARKER = "marker";

  private Links() {}

  /** The path at the address that the client used. */
  static String absolute(HttpServerRequest request, String path) {
    return base(request) + path;
  }

  static String base(HttpServerRequest request) {
    var authority = request.authority();
    return request.scheme() + "://" + (authority == null ? "localhost" : authority.toString());
  }

  /** The first page of the same query, with every parameter of it, repeated ones too. */
  static String first(MultiMap parameters) {
    var query = query(parameters);
    return query.isEmpty() ? "/v2/images" : "/v2/images?" + query;
  }

  /** The page of the same query after an image. */
  static String next(MultiMap parameters, ImageId last) {
    var query = query(parameters);
    return "/v2/images?" + (query.isEmpty() ? "" : query + "&") + MARKER + "=" + last;
  }

  private static String query(MultiMap parameters) {
    return parameters.entries().stream()
        .filter(parameter -> !parameter.getKey().equals(MARKER))
        .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
