package io.vitrine.fetch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PfxOptions;
import io.vitrine.image.problem.Problem;
import io.vitrine.net.address.Url;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are away, stop, lie or are not who they should be. */
class FetcherFailureWireTest extends TestingFetches {
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
            new Problem.OutOfRange("The file on the server ends before the requested byte.", 3));
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

    var fetched = fetcher(port).fetch(uri(port, "/"), ResumePoint.BEGINNING).await(5, SECONDS);
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
    var fetched = fetcher(port).fetch(uri(port, "/"), ResumePoint.BEGINNING).await(5, SECONDS);

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
    var uri = Url.parse("http://nowhere.invalid");

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
    var named = Url.parse("https://localhost:" + port);
    var numbered = Url.parse("https://127.0.0.1:" + port);

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

  private static HttpServerResponse partial(HttpServerRequest request, String range) {
    return request.response().setStatusCode(206).putHeader("Content-Range", range);
  }
}
