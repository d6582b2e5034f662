package io.vitrine.api.filter;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** HTTP/2 without TLS and with prior knowledge (RFC 9113, 3.3). */
@ExtendWith(SharedServer.class)
class Http2WireTest {
  private static final int CHUNK_BYTES = 100_000;

  private final TestingServer server;
  private final TestingApi api;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      vertx.createHttpClient(
          new HttpClientOptions()
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setHttp2ClearTextUpgrade(false));

  Http2WireTest(TestingServer server) {
    this.server = server;
    this.api = new TestingApi(server.port());
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(10, SECONDS);
  }

  private Future<HttpClientRequest> request(HttpMethod method, String id) {
    return client
        .request(method, server.port(), "127.0.0.1", "/v2/images/" + id + "/file")
        .map(request -> request.putHeader("Content-Type", "application/octet-stream"))
        .map(request -> request.setChunked(method.equals(HttpMethod.PUT)));
  }

  private static <T> T result(Future<T> future) throws Exception {
    return future.await(30, SECONDS);
  }

  private Buffer download(String id) throws Exception {
    return result(
        request(HttpMethod.GET, id)
            .compose(HttpClientRequest::send)
            .compose(response -> response.body()));
  }

  @Test
  void storesDataOfUnknownLength() throws Exception {
    var id = api.create();
    var data = Buffer.buffer(UploadWireTest.data(20 * CHUNK_BYTES));

    var request = result(request(HttpMethod.PUT, id));
    for (int from = 0; from < data.length(); from += CHUNK_BYTES) {
      result(request.write(data.slice(from, from + CHUNK_BYTES)));
    }
    result(request.end());

    var answer = result(request.response());
    assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(api.image(id).getLong("size")).isEqualTo(data.length());
    assertThat(download(id).equals(data)).isTrue();
  }

  @Test
  void explainsNothingInAnswersToHead() throws Exception {
    var answer =
        result(
            request(HttpMethod.HEAD, UUID.randomUUID().toString())
                .compose(HttpClientRequest::send)
                .compose(
                    response -> response.body().map(body -> response.statusCode() + " " + body)));

    assertThat(answer).isEqualTo("404 ");
  }

  @Test
  void carriesManyTransfersOnOneConnection() throws Exception {
    var data = Buffer.buffer(UploadWireTest.data(10 * CHUNK_BYTES));
    var uploads = new ArrayList<Future<Integer>>();
    var ids = new ArrayList<String>();

    for (int i = 0; i < 10; i++) {
      var id = api.create();
      ids.add(id);
      uploads.add(
          request(HttpMethod.PUT, id)
              .compose(request -> request.send(data))
              .map(response -> response.statusCode()));
    }

    for (var upload : uploads) {
      assertThat(result(upload)).isEqualTo(204);
    }
    for (var id : ids) {
      assertThat(download(id).equals(data)).isTrue();
    }
  }

  @Test
  void forgetsAnUploadThatIsReset() throws Exception {
    var id = api.create();
    var before = server.blobs();
    var request = result(request(HttpMethod.PUT, id));
    result(request.write(Buffer.buffer(UploadWireTest.data(CHUNK_BYTES))));
    api.await(id, "saving");

    result(request.reset());

    api.await(id, "queued");
    TestingConditions.await(server::blobs, blobs -> before.containsAll(blobs));
    assertThat(api.upload(id, UploadWireTest.data(10)).statusCode()).isEqualTo(204);
  }

  @Test
  void survivesADownloadThatIsReset() throws Exception {
    var id = api.create(UploadWireTest.data(200 * CHUNK_BYTES));
    var request = result(request(HttpMethod.GET, id));
    request.response().onSuccess(response -> response.pause());
    result(request.end());
    assertThat(result(request.response()).statusCode()).isEqualTo(200);

    result(request.reset());

    assertThat(download(id).length()).isEqualTo(200 * CHUNK_BYTES);
  }

  @Test
  void refusesDataWithoutHarmToOtherStreams() throws Exception {
    var taken = api.create(new byte[] {1});
    var free = api.create();
    var data = Buffer.buffer(UploadWireTest.data(CHUNK_BYTES));

    var statuses = new ArrayList<Integer>();
    for (var id : List.of(taken, free)) {
      statuses.add(
          result(
              request(HttpMethod.PUT, id)
                  .compose(request -> request.send(data))
                  .map(response -> response.statusCode())));
    }

    assertThat(statuses).containsExactly(409, 204);
  }
}
