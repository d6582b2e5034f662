package io.vitrine.net.internals;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;

/** A request that changes some answers of another. */
public abstract class RequestWrapper extends HttpServerRequestWrapper {
  /** Wraps a request that Vert.x has made. */
  protected RequestWrapper(HttpServerRequest request) {
    super((HttpServerRequestInternal) request);
  }
}
