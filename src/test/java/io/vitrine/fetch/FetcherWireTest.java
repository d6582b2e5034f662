package io.vitrine.fetch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vitrine.image.problem.Problem;
import io.vitrine.net.address.Url;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What is fetched, and from where it may be. */
class FetcherWireTest extends TestingFetches {
  @Test
  void deliversTheBodyAndWhatIsKnownOfIt() throws Exception {
    int port =
        serve(request -> request.response().putHeader("ETag", "\"v1\"").end("the whole image"));
    var uri = uri(port, "/image?a=b");

    var fetched = fetcher(port).fetch(uri, ResumePoint.BEGINNING).await(5, SECONDS);

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
    int port =
        serve(
            request -> {
              if (path(request).equals("/stalling")) {
                request.response().setChunked(true).write("a");
              } else {
                request.response().end(bytes);
              }
            });
    var fetcher = fetcher(port, Duration.ofMillis(200));

    var fetched = fetcher.fetch(uri(port, "/"), ResumePoint.BEGINNING).await(5, SECONDS);
    // Another transfer runs into the timeout, and so this one has paused for longer than that.
    assertThatThrownBy(() -> download(fetcher, uri(port, "/stalling")).await(20, SECONDS))
        .hasMessageContaining("stopped sending");

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

    var fetched = fetcher(port).fetch(uri(port, "/a"), ResumePoint.BEGINNING).await(5, SECONDS);

    assertThat(fetched.finalUri()).hasToString("http://127.0.0.1:" + port + "/");
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

    var problem = problem(new Fetcher(vertx, rules), Url.parse("http://localhost:" + port), 0);

    assertThat(problem).isInstanceOf(Problem.Forbidden.class);
    assertThat(requests).isEmpty();
  }

  @Test
  void reachesANameInAnAllowedNetwork() throws Exception {
    int port = serve(request -> request.response().end("here"));
    var body = download(fetcher(port), Url.parse("http://LocalHost.:" + port)).await(5, SECONDS);

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

    var fetched = fetcher(port).fetch(uri(port, "/"), ResumePoint.at(4)).await(5, SECONDS);

    assertThat(fetched.contentLength()).hasValue(5);
    assertThat(read(fetched).await(5, SECONDS)).hasToString("whole");
  }

  private static void redirect(HttpServerRequest request, String target) {
    request.response().setStatusCode(302).putHeader("Location", target).end("elsewhere");
  }
}
