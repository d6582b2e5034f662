package io.vitrine.net.uwsgi;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** A front's connection, with the mount point that it reports. */
final class UwsgiConnection implements HttpConnection, Mounted {
  private final HttpConnection connection;
  private final ResponseTrimmer response;
  private final String mountPoint;

  UwsgiConnection(HttpConnection connection, ResponseTrimmer response, String mountPoint) {
    this.connection = connection;
    this.response = response;
    this.mountPoint = mountPoint;
  }

  /**
   * Keeps reading after a complete response. Some fronts send the whole body before they read a
   * response, and report an error of their own if they cannot; the end of the body closes the
   * connection.
   */
  @Override
  public Future<Void> close() {
    return response.isWhole() ? Future.succeededFuture() : connection.close();
  }

  @Override
  public String mountPoint() {
    return mountPoint;
  }

  @Override
  public HttpConnection goAway(long errorCode, int lastStreamId, Buffer debugData) {
    connection.goAway(errorCode, lastStreamId, debugData);
    return this;
  }

  @Override
  public HttpConnection goAwayHandler(@Nullable Handler<GoAway> handler) {
    connection.goAwayHandler(handler);
    return this;
  }

  @Override
  public HttpConnection shutdownHandler(@Nullable Handler<Void> handler) {
    connection.shutdownHandler(handler);
    return this;
  }

  @Override
  public Future<Void> shutdown(long timeout, TimeUnit unit) {
    return connection.shutdown(timeout, unit);
  }

  @Override
  public HttpConnection closeHandler(Handler<Void> handler) {
    connection.closeHandler(handler);
    return this;
  }

  @Override
  public Http2Settings settings() {
    return connection.settings();
  }

  @Override
  public Future<Void> updateSettings(Http2Settings settings) {
    return connection.updateSettings(settings);
  }

  @Override
  public Http2Settings remoteSettings() {
    return connection.remoteSettings();
  }

  @Override
  public HttpConnection remoteSettingsHandler(Handler<Http2Settings> handler) {
    connection.remoteSettingsHandler(handler);
    return this;
  }

  @Override
  public Future<Buffer> ping(Buffer data) {
    return connection.ping(data);
  }

  @Override
  public HttpConnection pingHandler(@Nullable Handler<Buffer> handler) {
    connection.pingHandler(handler);
    return this;
  }

  @Override
  public HttpConnection exceptionHandler(Handler<Throwable> handler) {
    connection.exceptionHandler(handler);
    return this;
  }

  @Override
  public SocketAddress remoteAddress() {
    return connection.remoteAddress();
  }

  @Override
  public SocketAddress remoteAddress(boolean real) {
    return connection.remoteAddress(real);
  }

  @Override
  public SocketAddress localAddress() {
    return connection.localAddress();
  }

  @Override
  public SocketAddress localAddress(boolean real) {
    return connection.localAddress(real);
  }

  @Override
  public boolean isSsl() {
    return connection.isSsl();
  }

  @Override
  public SSLSession sslSession() {
    return connection.sslSession();
  }

  @Override
  public List<Certificate> peerCertificates() throws SSLPeerUnverifiedException {
    return connection.peerCertificates();
  }

  @Override
  public String indicatedServerName() {
    return connection.indicatedServerName();
  }
}
