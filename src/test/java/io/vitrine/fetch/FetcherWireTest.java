package io.vitrine.fetch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PfxOptions;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetcherWireTest {
  /** Vert.x would look for names elsewhere: the fetcher must not let it look them up again. */
  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setAddressResolverOptions(
                  new AddressResolverOptions()
                      .setHostsValue(Buffer.buffer("192.0.2.1 localhost"))));

  private final List<HttpServerRequest> requests = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(5, SECONDS);
  }

  @Test
  void deliversTheBodyAndWhatIsKnownOfIt() throws Exception {
    int port =
        serve(request -> request.response().putHeader("ETag", "\"v1\"").end("the whole image"));
    var uri = uri(port, "/image?a=b");

    var fetched = fetcher(port).fetch(uri, Start.BEGINNING).await(5, SECONDS);

    assertThat(fetched.contentLength()).hasValue(15);
    assertThat(fetched.validator()).hasValue("\"v1\"");
    assertThat(fetched.finalUri()).isEqualTo(uri);
    assertThat(read(fetched).await(5, SECONDS)).hasToString("the whole image");
  }

  @Test
  void sendsNothingThatIdentifiesAnybody() throws Exception {
    int port = serve(request -> request.response().putHeader("Set-Cookie", "a=b").end());
    var fetcher = fetcher(port);
    download(fetcher, uri(port, "/first")).await(5, SECONDS);

    download(fetcher, uri(port, "/second?a=b")).await(5, SECONDS);

    var request = requests.getLast();
    assertThat(request.uri()).isEqualTo("/second?a=b");
    assertThat(request.headers().names())
        .extracting(name -> name.toLowerCase(Locale.ROOT))
        .containsExactlyInAnyOrder("host", "accept-encoding", "user-agent", "connection");
    assertThat(request.getHeader("Accept-Encoding")).isEqualTo("identity");
    assertThat(request.getHeader("Host")).isEqualTo("127.0.0.1:" + port);
  }

  @Test
  void leavesAnEncodedBodyAsItIs() throws Exception {
    var bytes = Buffer.buffer(new byte[] {31, -117, 8, 0, 1, 2, 3});
    int port =
        serve(request -> request.response().putHeader("Content-Encoding", "gzip").end(bytes));

    var body = download(fetcher(port), uri(port, "/image.gz")).await(5, SECONDS);

    assertThat(body).isEqualTo(bytes);
  }

  @Test
  void keepsALargeBodyWholeWhenTheReaderPauses() throws Exception {
    var bytes = Buffer.buffer(new byte[8 << 20]).setInt(5 << 20, 42);
    int port = serve(request -> request.response().end(bytes));
    var fetcher = fetcher(port, Duration.ofMillis(200));

    var fetched = fetcher.fetch(uri(port, "/"), Start.BEGINNING).await(5, SECONDS);
    var waited = Promise.<Void>promise();
    vertx.setTimer(600, id -> waited.complete());
    waited.future().await(5, SECONDS);

    assertThat(read(fetched).await(5, SECONDS)).isEqualTo(bytes);
  }

  @Test
  void followsRedirectsAndNamesWhereTheyLed() throws Exception {
    int port =
        serve(
            request -> {
              switch (path(request)) {
                case "/a" -> redirect(request, "b?c=d#e");
                case "/b" -> redirect(request, "//127.0.0.1:" + request.localAddress().port());
                default -> request.response().end("here");
              }
            });

    var fetched = fetcher(port).fetch(uri(port, "/a"), Start.BEGINNING).await(5, SECONDS);

    assertThat(fetched.finalUri()).hasToString("http://127.0.0.1:" + port);
    assertThat(read(fetched).await(20, SECONDS)).hasToString("here");
    assertThat(requests).extracting(HttpServerRequest::uri).containsExactly("/a", "/b?c=d", "/");
  }

  @Test
  void refusesRedirectsToWhereUsersMayNotGo() throws Exception {
    int port = serve(request -> redirect(request, request.getParam("to", "")));

    assertThat(problem(port, "/?to=http://169.254.169.254/latest"))
        .isInstanceOf(Problem.Invalid.class);
    assertThat(problem(port, "/?to=http://2852039166/latest")).isInstanceOf(Problem.Invalid.class);
    assertThat(problem(port, "/?to=http://[::1]:" + port + "/"))
        .isInstanceOf(Problem.Invalid.class);
    assertThat(problem(port, "/?to=file:///etc/passwd")).isInstanceOf(Problem.Invalid.class);
    assertThat(problem(port, "/?to=http://a:b@127.0.0.1/")).isInstanceOf(Problem.Invalid.class);
    assertThat(problem(port, "/?to=http://127.0.0.1:22/")).isInstanceOf(Problem.Invalid.class);
    assertThat(problem(port, "/?to=http://%20/")).isInstanceOf(Problem.Invalid.class);
    assertThat(problem(port, "/?to=http://")).isInstanceOf(Problem.Invalid.class);
  }

  @Test
  void stopsAfterTooManyRedirects() throws Exception {
    int port = serve(request -> redirect(request, "/again"));

    var problem = problem(port, "/");

    assertThat(problem).isEqualTo(new Problem.Invalid("The server redirects too often."));
    assertThat(requests).hasSize(4);
  }

  @Test
  void refusesANameThatLeadsToAnInternalAddress() throws Exception {
    int port = serve(request -> request.response().end("secret"));
    var rules = rules(port, List.of(), Duration.ofSeconds(5));

    var problem = problem(new Fetcher(vertx, rules), URI.create("http://localhost:" + port), 0);

    assertThat(problem).isInstanceOf(Problem.Forbidden.class);
    assertThat(requests).isEmpty();
  }

  @Test
  void reachesANameInAnAllowedNetwork() throws Exception {
    int port = serve(request -> request.response().end("here"));
    var body = download(fetcher(port), URI.create("http://LocalHost.:" + port)).await(5, SECONDS);

    assertThat(body).hasToString("here");
    assertThat(requests.getFirst().getHeader("Host")).isEqualTo("localhost:" + port);
  }

  @Test
  void goesOnFromAByte() throws Exception {
    int port =
        serve(
            request ->
                request
                    .response()
                    .setStatusCode(206)
                    .putHeader("Content-Range", "bytes 4-8/9")
                    .end("bytes=4-".equals(request.getHeader("Range")) ? "whole" : "wrong"));

    var fetched = fetcher(port).fetch(uri(port, "/"), Start.at(4)).await(5, SECONDS);

    assertThat(fetched.contentLength()).hasValue(5);
    assertThat(read(fetched).await(5, SECONDS)).hasToString("whole");
  }

  @Test
  void refusesToGoOnWithOtherBytesThanAskedFor() throws Exception {
    int port =
        serve(
            request -> {
              switch (path(request)) {
                case "/whole" -> request.response().end("from the start");
                case "/other" -> partial(request, "bytes 0-8/9").end("123456789");
                case "/short" -> partial(request, "bytes 4-8/9").end("1");
                case "/none" -> request.response().setStatusCode(206).end("12345");
                default ->
                    request
                        .response()
                        .setStatusCode(416)
                        .putHeader("Content-Range", "bytes */3")
                        .end();
              }
            });
    var fetcher = fetcher(port);

    assertThat(problem(fetcher, uri(port, "/whole"), 4)).isInstanceOf(Problem.NotOffered.class);
    assertThat(problem(fetcher, uri(port, "/other"), 4)).isInstanceOf(Problem.NotOffered.class);
    assertThat(problem(fetcher, uri(port, "/short"), 4)).isInstanceOf(Problem.NotOffered.class);
    assertThat(problem(fetcher, uri(port, "/none"), 4)).isInstanceOf(Problem.NotOffered.class);
    assertThat(problem(fetcher, uri(port, "/end"), 4))
        .isEqualTo(
            new Problem.OutOfRange("The file on the server ends before the byte asked for.", 3));
  }

  @Test
  void saysWhatTheServerAnswered() throws Exception {
    int port =
        serve(
            request ->
                request
                    .response()
                    .setStatusCode(Integer.parseInt(request.getParam("status", "")))
                    .setStatusMessage("<script>")
                    .end("body of an internal page"));

    assertThat(problem(port, "/?status=404"))
        .isEqualTo(new Problem.Invalid("The server answered 404 (not found)."));
    assertThat(problem(port, "/?status=206")).isInstanceOf(Problem.Invalid.class);
    assertThat(problem(port, "/?status=418"))
        .isEqualTo(new Problem.Invalid("The server answered 418."));
    assertThat(problem(port, "/?status=503"))
        .isEqualTo(
            new Problem.Unavailable(
                "The server answered 503 (service unavailable); try again later."));
  }

  @Test
  void givesUpOnAServerThatDoesNotAnswer() throws Exception {
    int port = serve(request -> {});
    var fetcher = fetcher(port, Duration.ofMillis(200));

    assertThat(problem(fetcher, uri(port, "/"), 0)).isInstanceOf(Problem.Unavailable.class);
  }

  @Test
  void givesUpOnAServerThatStopsSending() throws Exception {
    int port = serve(request -> request.response().setChunked(true).write("and then"));
    var fetcher = fetcher(port, Duration.ofMillis(200));

    var problem = problem(download(fetcher, uri(port, "/")));

    assertThat(problem).isEqualTo(new Problem.Unavailable("The server stopped sending."));
  }

  @Test
  void noticesAConnectionCutWithinTheBody() throws Exception {
    int port =
        serve(
            request ->
                request
                    .response()
                    .putHeader("Content-Length", "100")
                    .write("a part")
                    .onSuccess(sent -> request.connection().close()));

    var problem = problem(download(fetcher(port), uri(port, "/")));

    assertThat(problem).isInstanceOf(Problem.Unavailable.class);
  }

  @Test
  void noticesAConnectionCutBeforeTheBodyIsRead() throws Exception {
    var gone = Promise.<Void>promise();
    int port =
        serve(
            request -> {
              request.connection().closeHandler(gone::complete);
              request
                  .response()
                  .putHeader("Content-Length", "100")
                  .write("a part")
                  .onSuccess(sent -> request.connection().close());
            });

    var fetched = fetcher(port).fetch(uri(port, "/"), Start.BEGINNING).await(5, SECONDS);
    gone.future().await(5, SECONDS);

    assertThat(problem(read(fetched))).isInstanceOf(Problem.Unavailable.class);
  }

  @Test
  void closesTheConnectionOfACancelledBody() throws Exception {
    var gone = Promise.<Void>promise();
    int port =
        serve(
            request -> {
              request.connection().closeHandler(gone::complete);
              request.response().setChunked(true).write("and then");
            });
    var fetched = fetcher(port).fetch(uri(port, "/"), Start.BEGINNING).await(5, SECONDS);

    fetched.body().cancel();

    gone.future().await(5, SECONDS);
  }

  @Test
  void reportsAServerThatIsNotThere() throws Exception {
    int port = serve(request -> {});
    vertx.close().await(5, SECONDS);
    var another = Vertx.vertx();
    try {
      var fetcher = new Fetcher(another, open(port, Duration.ofSeconds(5)));

      assertThat(problem(fetcher, uri(port, "/"), 0)).isInstanceOf(Problem.Unavailable.class);
    } finally {
      another.close().await(5, SECONDS);
    }
  }

  @Test
  void reportsANameThatDoesNotResolve() throws Exception {
    var uri = URI.create("http://nowhere.invalid");

    assertThat(problem(fetcher(80), uri, 0)).isInstanceOf(Problem.Unavailable.class);
  }

  @Test
  void checksThatTheCertificateIsTrustedAndForTheName(@TempDir Path directory) throws Exception {
    var keys = new PfxOptions().setPassword("changeit").setPath(keyStore(directory));
    var options = new HttpServerOptions().setSsl(true).setKeyCertOptions(keys).setSni(true);
    var sni = new CopyOnWriteArrayList<Optional<String>>();
    int port =
        serve(
            options,
            request -> {
              sni.add(Optional.ofNullable(request.connection().indicatedServerName()));
              request.response().end("here");
            });
    var rules = open(port, Duration.ofSeconds(5));
    var trusting =
        new Fetcher(vertx, rules, new HttpClientOptions().setTrustOptions(keys).setForceSni(true));
    var named = URI.create("https://localhost:" + port);
    var numbered = URI.create("https://127.0.0.1:" + port);

    assertThat(download(trusting, named).await(20, SECONDS)).hasToString("here");
    assertThat(sni).containsExactly(Optional.of("localhost"));
    assertThat(problem(trusting, numbered, 0)).isInstanceOf(Problem.Invalid.class);
    assertThat(problem(new Fetcher(vertx, rules), named, 0)).isInstanceOf(Problem.Invalid.class);
  }

  private static String keyStore(Path directory) throws Exception {
    var file = directory.resolve("keys.p12").toString();
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var options = "-genkeypair -alias test -keyalg EC -dname CN=localhost -ext SAN=dns:localhost";
    var command = new ArrayList<>(List.of(keytool, "-storepass", "changeit", "-keystore", file));
    command.addAll(List.of(options.split(" ", -1)));
    var process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).isZero();
    return file;
  }

  private int serve(Handler<HttpServerRequest> handler) throws Exception {
    return serve(new HttpServerOptions(), handler);
  }

  private int serve(HttpServerOptions options, Handler<HttpServerRequest> handler)
      throws Exception {
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

  private static String path(HttpServerRequest request) {
    return Objects.requireNonNull(request.path());
  }

  private static void redirect(HttpServerRequest request, String target) {
    request.response().setStatusCode(302).putHeader("Location", target).end("elsewhere");
  }

  private static HttpServerResponse partial(HttpServerRequest request, String range) {
    return request.response().setStatusCode(206).putHeader("Content-Range", range);
  }

  private Fetcher fetcher(int port) {
    return fetcher(port, Duration.ofSeconds(5));
  }

  private Fetcher fetcher(int port, Duration readTimeout) {
    return new Fetcher(vertx, open(port, readTimeout));
  }

  /** Loopback is open for IPv4 and for the name, which may have both families. */
  private static FetchRules open(int port, Duration readTimeout) {
    return rules(port, List.of(Network.parse("127.0.0.0/8")), readTimeout);
  }

  private static FetchRules rules(int port, List<Network> networks, Duration readTimeout) {
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

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path.replace("[", "%5B").replace("]", "%5D"));
  }

  private static Future<Buffer> download(Fetcher fetcher, URI uri) {
    return fetcher.fetch(uri, Start.BEGINNING).compose(FetcherWireTest::read);
  }

  private static Future<Buffer> read(Fetched fetched) {
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

  private Problem problem(int port, String path) {
    return problem(fetcher(port), uri(port, path), 0);
  }

  private static Problem problem(Fetcher fetcher, URI uri, long fromByte) {
    return problem(fetcher.fetch(uri, Start.at(fromByte)));
  }

  private static Problem problem(Future<?> future) {
    return catchThrowableOfType(ProblemException.class, () -> future.await(10, SECONDS)).problem();
  }
}
