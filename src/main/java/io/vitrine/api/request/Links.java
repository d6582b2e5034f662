package io.vitrine.api.request;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.image.ImageId;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * Links in answers. Those without a host are below the endpoint that a client knows, as Glance has
 * it: clients put them behind its URL, so they never hold the path where a front mounts the API.
 */
public final class Links {
  private static final String MARKER = "marker";
  private static final String IMAGES = "/v2/images";

  private Links() {}

  /** The path at the address where clients reach this service. */
  public static String absolute(RoutingContext context, String path) {
    return Requests.base(context) + path;
  }

  /** The first page of the same query, with every parameter of it, repeated ones too. */
  public static String first(MultiMap parameters) {
    return first(IMAGES, parameters);
  }

  public static String first(String path, MultiMap parameters) {
    var query = query(parameters);
    return query.isEmpty() ? path : path + "?" + query;
  }

  /** The page of the same query after an image. */
  public static String next(MultiMap parameters, ImageId last) {
    return next(IMAGES, parameters, last.toString());
  }

  public static String next(String path, MultiMap parameters, String last) {
    var query = query(parameters);
    return path + "?" + (query.isEmpty() ? "" : query + "&") + MARKER + "=" + encode(last);
  }

  /** A path whose parts may hold characters that a path must not. */
  public static String encodePath(String path) {
    try {
      return new URI(null, null, path, null).toASCIIString();
    } catch (URISyntaxException malformed) {
      throw new IllegalArgumentException("not a path: " + path, malformed);
    }
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
