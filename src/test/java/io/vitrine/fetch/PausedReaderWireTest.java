package io.vitrine.fetch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vitrine.net.address.Network;
import io.vitrine.net.address.NetworkLists;
import io.vitrine.net.address.Url;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that close the connection after the last byte, while the reader is busy elsewhere. */
class PausedReaderWireTest {
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

  @ParameterizedTest
  @ValueSource(ints = {1, 60, 130, 140, 150, 160, 170, 180, 230, 300, 1000})
  void losesNothingThatCameBeforeTheEnd(int kibibytes) throws Exception {
    var file = new byte[kibibytes << 10];
    new Random(kibibytes).nextBytes(file);
    var sent = new CountDownLatch(1);
    var uri =
        source.serve(
            client -> {
              TestingSource.send(client, file, file.length);
              client.close();
              sent.countDown();
            });
    var fetcher = new Fetcher(vertx, rules());
    var whole = Promise.<Buffer>promise();

    vertx.runOnContext(
        onLoop ->
            fetcher
                .download(Url.parse(uri))
                .compose(body -> closed(fetcher, sent).map(body))
                .onSuccess(body -> read(body, whole))
                .onFailure(whole::tryFail));

    assertThat(whole.future().await(20, SECONDS)).isEqualTo(Buffer.buffer(file));
  }

  /**
   * Waits until the server has closed, and another transfer on the same event loop has come and
   * gone: until then whatever was to be read of the first one has been.
   */
  private Future<Buffer> closed(Fetcher fetcher, CountDownLatch sent) {
    return vertx
        .executeBlocking(() -> sent.await(5, SECONDS))
        .compose(closed -> fetcher.download(Url.parse(source.serve(new byte[1]))))
        .compose(
            other -> {
              var end = Promise.<Buffer>promise();
              read(other, end);
              return end.future();
            });
  }

  /** Stops after each piece, and goes on some turns later. */
  private void read(ResumingBody body, Promise<Buffer> whole) {
    var come = Buffer.buffer();
    body.handler(
            piece -> {
              come.appendBuffer(piece);
              vertx.runOnContext(later -> body.fetch(1));
            })
        .exceptionHandler(whole::tryFail)
        .endHandler(done -> whole.tryComplete(come))
        .fetch(1);
  }

  private FetchRules rules() {
    return new FetchRules(
        new UrlFilter(
            UrlFilter.Lists.of(List.of(), List.of()),
            UrlFilter.Lists.of(List.of(), List.of()),
            UrlFilter.Lists.of(List.of(source.port()), List.of())),
        NetworkLists.allowing(Network.parse("127.0.0.0/8")),
        3,
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Resumption.defaults());
  }
}
