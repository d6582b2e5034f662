package io.vitrine.fetch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.address.Network;
import io.vitrine.net.address.NetworkLists;
import io.vitrine.net.address.Url;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

/** Fetches from a server that each test writes. */
abstract class TestingFetches {
  /** Vert.x would look for names elsewhere: the fetcher must not let it look them up again. */
  final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setAddressResolverOptions(
                  new AddressResolverOptions()
                      .setHostsValue(Buffer.buffer("192.0.2.1 localhost"))));

  final List<HttpServerRequest> requests = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(5, SECONDS);
  }

  int serve(Handler<HttpServerRequest> handler) throws Exception {
    return serve(new HttpServerOptions(), handler);
  }

  int serve(HttpServerOptions options, Handler<HttpServerRequest> handler) throws Exception {
    return vertx
        .createHttpServer(options.setHost("127.0.0.1").setPort(0))
        .requestHandler(
            request -> {
              requests.add(request);
              handler.handle(request);
            })
        .listen()
        .await(5, SECONDS)
        .actualPort();
  }

  static String path(HttpServerRequest request) {
    return Objects.requireNonNull(request.path());
  }

  Fetcher fetcher(int port) {
    return fetcher(port, Duration.ofSeconds(5));
  }

  Fetcher fetcher(int port, Duration readTimeout) {
    return new Fetcher(vertx, open(port, readTimeout));
  }

  /** Loopback is open for IPv4 and for the name, which may have both families. */
  static FetchRules open(int port, Duration readTimeout) {
    return rules(port, List.of(Network.parse("127.0.0.0/8")), readTimeout);
  }

  static FetchRules rules(int port, List<Network> networks, Duration readTimeout) {
    return new FetchRules(
        new UrlFilter(
            UrlFilter.Lists.of(List.of("http", "https"), List.of()),
            UrlFilter.Lists.of(List.of(), List.of()),
            UrlFilter.Lists.of(List.of(port), List.of())),
        new NetworkLists(networks, List.of()),
        3,
        Duration.ofSeconds(5),
        readTimeout,
        new Resumption(5, 2, Duration.ofMillis(5)));
  }

  static Url uri(int port, String path) {
    return Url.parse("http://127.0.0.1:" + port + path.replace("[", "%5B").replace("]", "%5D"));
  }

  static Future<Buffer> download(Fetcher fetcher, Url uri) {
    return fetcher.fetch(uri, ResumePoint.BEGINNING).compose(TestingFetches::read);
  }

  static Future<Buffer> read(Fetched fetched) {
    var whole = Buffer.buffer();
    var end = Promise.<Buffer>promise();
    fetched
        .body()
        .handler(whole::appendBuffer)
        .exceptionHandler(end::tryFail)
        .endHandler(done -> end.tryComplete(whole))
        .resume();
    return end.future();
  }

  Problem problem(int port, String path) {
    return problem(fetcher(port), uri(port, path), 0);
  }

  static Problem problem(Fetcher fetcher, Url uri, long fromByte) {
    return problem(fetcher.fetch(uri, ResumePoint.at(fromByte)));
  }

  static Problem problem(Future<?> future) {
    return catchThrowableOfType(ProblemException.class, () -> future.await(10, SECONDS)).problem();
  }
}
