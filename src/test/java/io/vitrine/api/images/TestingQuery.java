package io.vitrine.api.images;

import io.vertx.core.MultiMap;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Parameters as the server gets them. */
public final class TestingQuery {
  private TestingQuery() {}

  public static MultiMap parameters(String query) {
    var parameters = MultiMap.caseInsensitiveMultiMap();
    for (var pair : query.split("&", -1)) {
      var equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.add(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
