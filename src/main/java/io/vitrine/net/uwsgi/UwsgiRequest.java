package io.vitrine.net.uwsgi;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vitrine.net.internals.RequestWrapper;

/** A front's request, with the scheme and authority that the client used. */
final class UwsgiRequest extends RequestWrapper {
  private final RequestHead head;
  private final HttpConnection connection;

  UwsgiRequest(HttpServerRequest request, RequestHead head, ResponseTrimmer response) {
    super(request);
    this.head = head;
    this.connection =
        new UwsgiConnection(request.connection(), response, head.target().mountPoint());
  }

  @Override
  public String scheme() {
    return head.scheme();
  }

  @Override
  public boolean isSSL() {
    return head.scheme().equals("https");
  }

  @Override
  public SocketAddress remoteAddress() {
    return head.client().orElseGet(super::remoteAddress);
  }

  @Override
  public HttpConnection connection() {
    return connection;
  }
}
