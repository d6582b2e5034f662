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
 * Links in answers. As in Glance, links without a host are relative to the endpoint: clients append
 * them to its URL, so they never contain the path at which a proxy mounts the API.
 */
public final class Links {
  private static final String MARKER = "marker";
  private static final String IMAGES = "/v2/images";

  private Links() {}

  /** The path, prefixed with the base URL by which clients reach this service. */
  public static String absolute(RoutingContext context, String path) {
    return Requests.base(context) + path;
  }

  /** The first page of the same query, with all its parameters, repeated ones included. */
  public static String first(MultiMap parameters) {
    return first(IMAGES, parameters);
  }

  /** The first page of the same query on another path. */
  public static String first(String path, MultiMap parameters) {
    var query = query(parameters);
    return query.isEmpty() ? path : path + "?" + query;
  }

  /** The page of the same query that follows the image. */
  public static String next(MultiMap parameters, ImageId last) {
    return next(IMAGES, parameters, last.toString());
  }

  /** The page of the same query that follows {@code last}, the marker, on another path. */
  public static String next(String path, MultiMap parameters, String last) {
    var query = query(parameters);
    return path + "?" + (query.isEmpty() ? "" : query + "&") + MARKER + "=" + encode(last);
  }

  /** Percent-encodes what a path must not contain. */
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
