package io.vitrine.net.listener;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vitrine.api.RawConnection;
import io.vitrine.net.proxy.TrustedProxies;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** A listener on a free port that answers with the address of the client. */
final class TestingListener implements AutoCloseable {
  static final Duration HEADER_TIMEOUT = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final HttpListener listener;

  private TestingListener(ListenerSettings settings) throws Exception {
    vertx = Vertx.builder().withTransport(new ListenerTransport(settings)).build();
    listener = new HttpListener(settings);
    listener.start(vertx, TestingListener::answer).await(20, SECONDS);
  }

  private static void answer(HttpServerRequest request) {
    request.body().onSuccess(body -> request.response().end(request.remoteAddress().hostAddress()));
  }

  static TestingListener start() throws Exception {
    return new TestingListener(settings(0, Optional.empty(), Optional.empty()));
  }

  static TestingListener withConnections(int most) throws Exception {
    return new TestingListener(settings(most, Optional.empty(), Optional.empty()));
  }

  static TestingListener behind(String... proxies) throws Exception {
    var trusted = TrustedProxies.parse(List.of(proxies));
    return new TestingListener(settings(0, Optional.of(trusted), Optional.empty()));
  }

  static TestingListener encrypted(TlsFiles files) throws Exception {
    return new TestingListener(settings(0, Optional.empty(), Optional.of(files)));
  }

  /** Handshakes take their time on a busy machine. */
  private static ListenerSettings settings(
      int connections, Optional<TrustedProxies> proxies, Optional<TlsFiles> tls) {
    var headerTimeout = tls.isPresent() ? HEADER_TIMEOUT.multipliedBy(20) : HEADER_TIMEOUT;
    return new ListenerSettings(
        "127.0.0.1", 0, Duration.ofSeconds(60), headerTimeout, 8192, connections, proxies, tls);
  }

  int port() {
    return listener.port();
  }

  RawConnection connect() throws IOException {
    return new RawConnection(port());
  }

  @Override
  public void close() throws TimeoutException {
    vertx.close().await(20, SECONDS);
  }
}
