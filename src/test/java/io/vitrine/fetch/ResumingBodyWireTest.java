package io.vitrine.fetch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.address.Network;
import io.vitrine.net.address.NetworkLists;
import io.vitrine.net.address.Url;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumingBodyWireTest {
  private static final byte[] FILE = "0123456789abcdefghij".getBytes(US_ASCII);
  private static final String TAGGED = "ETag: \"v1\"\r\n";

  private final Vertx vertx = Vertx.vertx();
  private TestingSource source;

  @BeforeEach
  void start() throws IOException {
    source = TestingSource.start();
  }

  @AfterEach
  void stop() throws Exception {
    source.close();
    vertx.close().await(5, SECONDS);
  }

  private Future<Buffer> download(String uri, Resumption resumption) {
    var rules =
        new FetchRules(
            new UrlFilter(
                UrlFilter.Lists.of(List.of(), List.of()),
                UrlFilter.Lists.of(List.of(), List.of()),
                UrlFilter.Lists.of(List.of(source.port()), List.of())),
            NetworkLists.allowing(Network.parse("127.0.0.0/8")),
            3,
            Duration.ofSeconds(5),
            Duration.ofMillis(300),
            resumption);
    var end = Promise.<Buffer>promise();
    vertx.runOnContext(
        onLoop ->
            new Fetcher(vertx, rules)
                .download(Url.parse(uri))
                .onSuccess(body -> read(body, end))
                .onFailure(end::tryFail));
    return end.future();
  }

  private Future<Buffer> download(String uri) {
    return download(uri, new Resumption(20, 2, Duration.ofMillis(5)));
  }

  private static void read(ResumingBody body, Promise<Buffer> end) {
    var whole = Buffer.buffer();
    body.handler(whole::appendBuffer)
        .exceptionHandler(end::tryFail)
        .endHandler(done -> end.tryComplete(whole))
        .resume();
  }

  private Problem problem(String uri) {
    return catchThrowableOfType(ProblemException.class, () -> download(uri).await(10, SECONDS))
        .problem();
  }

  @Test
  void goesOnWhereEachConnectionBreaks() throws Exception {
    var site = new BreakingSite(FILE, 7, TAGGED);

    var body = download(site.on(source)).await(10, SECONDS);

    assertThat(body).isEqualTo(Buffer.buffer(FILE));
    assertThat(site.asked()).containsExactly("null null", "bytes=7- \"v1\"", "bytes=14- \"v1\"");
  }

  @Test
  void goesOnByTheDateOfTheLastChange() throws Exception {
    var dates =
        "Date: Mon, 05 Jan 2026 10:00:00 GMT\r\nLast-Modified: Sun, 04 Jan 2026 10:00:00 GMT\r\n";
    var site = new BreakingSite(FILE, 11, dates);

    var body = download(site.on(source)).await(10, SECONDS);

    assertThat(body).isEqualTo(Buffer.buffer(FILE));
    assertThat(site.asked())
        .containsExactly("null null", "bytes=11- Sun, 04 Jan 2026 10:00:00 GMT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ETag: W/\"v1\"\r\n",
        "Last-Modified: Sun, 04 Jan 2026 10:00:00 GMT\r\n",
        "Date: Sun, 04 Jan 2026 10:00:00 GMT\r\nLast-Modified: Sun, 04 Jan 2026 10:00:00 GMT\r\n",
        "Date: today\r\nLast-Modified: yesterday\r\n"
      })
  void doesNotGoOnWithoutProofOfTheSameFile(String head) {
    var site = new BreakingSite(FILE, 7, head);

    assertThat(problem(site.on(source))).isInstanceOf(Problem.Unavailable.class);

    assertThat(site.asked()).hasSize(1);
  }

  @Test
  void survivesAServerThatIsAwayForAWhile() throws Exception {
    var site = new BreakingSite(FILE, 10, TAGGED);
    var calls = new AtomicInteger();
    var steady = site.on(source);
    var uri =
        source.serve(
            client -> {
              if (calls.incrementAndGet() == 2) {
                client.write("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
              } else {
                redirect(client, steady);
              }
            });

    var body = download(uri).await(10, SECONDS);

    assertThat(body).isEqualTo(Buffer.buffer(FILE));
    assertThat(calls).hasValue(3);
  }

  private static void redirect(OutputStream client, String target) throws IOException {
    client.write(
        "HTTP/1.1 302 There\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
            .formatted(target)
            .getBytes(US_ASCII));
  }

  @Test
  void checksWhereItGoesEachTime() {
    var site = new BreakingSite(FILE, 10, TAGGED).on(source);
    var calls = new AtomicInteger();
    var uri =
        source.serve(
            client ->
                redirect(
                    client, calls.incrementAndGet() == 1 ? site : "http://169.254.169.254/latest"));

    assertThat(problem(uri).detail()).contains("could not resume", "Images may not be");
  }

  @Test
  void givesUpAfterTooManyBreaks() {
    var site = new BreakingSite(FILE, 1, TAGGED);

    var failure =
        catchThrowableOfType(
            ProblemException.class,
            () ->
                download(site.on(source), new Resumption(4, 2, Duration.ofMillis(5)))
                    .await(10, SECONDS));

    assertThat(failure.problem()).isInstanceOf(Problem.Unavailable.class);
    assertThat(site.asked()).hasSize(5);
  }

  @Test
  void givesUpWhenNothingComesAnyMore() {
    var site = new BreakingSite(FILE, 0, TAGGED);

    assertThat(problem(site.on(source))).isInstanceOf(Problem.Unavailable.class);

    assertThat(site.asked()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "200 OK\r\nETag: \"v2\"\r\nContent-Length: 20",
        "206 Partial Content\r\nContent-Range: bytes 7-19/20\r\nETag: \"v2\"\r\nContent-Length: 13",
        "206 Partial Content\r\nContent-Range: bytes 7-20/21\r\nETag: \"v1\"\r\nContent-Length: 14",
        "206 Partial Content\r\nContent-Range: bytes 6-19/20\r\nETag: \"v1\"\r\nContent-Length: 14",
        "206 Partial Content\r\nContent-Range: bytes 7-19/20\r\nETag: \"v1\"\r\nContent-Length: 12",
        "206 Partial Content\r\nETag: \"v1\"\r\nContent-Length: 13",
        "416 Range Not Satisfiable\r\nContent-Range: bytes */7\r\nContent-Length: 0",
        "404 Not Found\r\nContent-Length: 0"
      })
  void failsWhenTheRestIsNotOfTheSameFile(String head) {
    var calls = new AtomicInteger();
    var uri =
        source.serve(
            client -> {
              if (calls.incrementAndGet() == 1) {
                client.write(
                    "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 20\r\n\r\n0123456"
                        .getBytes(US_ASCII));
              } else {
                client.write(("HTTP/1.1 " + head + "\r\n\r\n").getBytes(US_ASCII));
                client.write(FILE, 0, 14);
              }
            });

    assertThat(problem(uri)).isInstanceOf(Problem.Unavailable.class);

    assertThat(calls).hasValue(2);
  }

  @Test
  void goesOnWhenTheServerFallsSilent() throws Exception {
    var calls = new AtomicInteger();
    var silent = new CountDownLatch(1);
    var uri =
        source.serve(
            (headers, client) -> {
              if (calls.incrementAndGet() == 1) {
                client.write(
                    "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 20\r\n\r\n0123456"
                        .getBytes(US_ASCII));
                client.flush();
                waitFor(silent);
              } else {
                client.write(
                    head("206 Rest", "Content-Range: bytes 7-19/20", "Content-Length: 13"));
                client.write(FILE, 7, 13);
              }
            });

    var body = download(uri).await(10, SECONDS);

    silent.countDown();
    assertThat(body).isEqualTo(Buffer.buffer(FILE));
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** A transfer in chunks that lacks only the chunk that says it was the last. */
  @Test
  void takesWhatHasComeForAllWhenTheServerHasNoMore() throws Exception {
    var calls = new AtomicInteger();
    var uri =
        source.serve(
            client -> {
              if (calls.incrementAndGet() == 1) {
                client.write(head("200 OK", "ETag: \"v1\"", "Transfer-Encoding: chunked"));
                client.write("7\r\n0123456\r\n".getBytes(US_ASCII));
              } else {
                client.write(head("416 No", "Content-Range: bytes */7", "Content-Length: 0"));
              }
            });

    assertThat(download(uri).await(10, SECONDS)).hasToString("0123456");
  }

  @Test
  void keepsALargeFileWhole() throws Exception {
    var file = new byte[6 << 20];
    IntStream.range(0, file.length).forEach(index -> file[index] = (byte) (index % 251));
    var site = new BreakingSite(file, 1_000_003, TAGGED);

    var body = download(site.on(source)).await(30, SECONDS);

    assertThat(body).isEqualTo(Buffer.buffer(file));
  }

  private static byte[] head(String... lines) {
    return "HTTP/1.1 %s\r\n\r\n".formatted(String.join("\r\n", lines)).getBytes(US_ASCII);
  }
}
