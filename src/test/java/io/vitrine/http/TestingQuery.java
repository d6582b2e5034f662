package io.vitrine.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;

/** Parameters as the server gets them. */
final class TestingQuery {
  private TestingQuery() {}

  static MultiMap parameters(String query) {
    var parameters = MultiMap.caseInsensitiveMultiMap();
    new QueryStringDecoder("?" + query).parameters().forEach(parameters::add);
    return parameters;
  }
}
