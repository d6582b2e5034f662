package io.vitrine.net.listener;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vitrine.api.RawConnection;
import io.vitrine.config.ByteSize;
import io.vitrine.net.proxy.FrontConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** A listener on a free port that answers with the address of the client. */
final class TestingListener implements AutoCloseable {
  static final Duration SHORT_TIMEOUT = Duration.ofMillis(300);

  private static final Duration HEADER_TIMEOUT = Duration.ofSeconds(1);

  private final Vertx vertx;
  private static final TlsConfig NO_TLS =
      new TlsConfig(Optional.empty(), Optional.empty(), Optional.empty(), Duration.ofSeconds(1));

  private final HttpListener listener;

  private TestingListener(ListenerConfig config) throws Exception {
    vertx = Vertx.builder().withTransport(new ListenerTransport(config)).build();
    listener = new HttpListener(config);
    listener.start(vertx, TestingListener::answer).await(20, SECONDS);
  }

  private static void answer(HttpServerRequest request) {
    request.body().onSuccess(body -> request.response().end(request.remoteAddress().hostAddress()));
  }

  /** One that waits for heads no longer than {@link #SHORT_TIMEOUT}. */
  static TestingListener hasty() throws Exception {
    return new TestingListener(new Listening(limits(SHORT_TIMEOUT, 0), front(), NO_TLS));
  }

  static TestingListener start() throws Exception {
    return withConnections(0);
  }

  static TestingListener withConnections(int most) throws Exception {
    return new TestingListener(new Listening(limits(HEADER_TIMEOUT, most), front(), NO_TLS));
  }

  static TestingListener behind(String... proxies) throws Exception {
    var limits = limits(HEADER_TIMEOUT, 0);
    return new TestingListener(new Listening(limits, front(proxies), NO_TLS));
  }

  /** Handshakes take their time on a busy machine. */
  static TestingListener encrypted(TlsConfig tls) throws Exception {
    var limits = limits(HEADER_TIMEOUT.multipliedBy(20), 0);
    return new TestingListener(new Listening(limits, front(), tls));
  }

  private static LimitsConfig limits(Duration headerTimeout, int connections) {
    var idle = Duration.ofSeconds(60);
    var size = new ByteSize(8192);
    return new LimitsConfig(idle, headerTimeout, size, size, size, 64, connections, 0, 0, 0);
  }

  /** The proxies that must be in front; none: anybody may connect. */
  private static FrontConfig front(String... proxies) {
    return new FrontConfig(Optional.empty(), "", List.of(proxies), proxies.length > 0);
  }

  private record Listening(LimitsConfig limits, FrontConfig front, TlsConfig tls)
      implements ListenerConfig {
    @Override
    public String host() {
      return "127.0.0.1";
    }

    @Override
    public int port() {
      return 0;
    }
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
