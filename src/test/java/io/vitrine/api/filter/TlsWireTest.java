package io.vitrine.api.filter;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import io.vitrine.net.listener.TestingCertificate;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The API over TLS, with the protocol that ALPN agrees on. */
class TlsWireTest {
  private static final String IMAGE =
      new JsonObject().put("disk_format", "raw").put("container_format", "bare").encode();

  private static <T> T result(Future<T> future) throws Exception {
    return future.await(30, SECONDS);
  }

  @ParameterizedTest
  @EnumSource(
      value = HttpVersion.class,
      names = {"HTTP_1_1", "HTTP_2"})
  void storesAndGivesDataEncrypted(HttpVersion version) throws Exception {
    var directory = TestingServer.newDirectory();
    var certificate = TestingCertificate.of("EC");
    certificate.writeCertificate(directory.resolve("certificate.pem"));
    certificate.writeKey(directory.resolve("key.pem"));
    var settings =
        Map.of(
            "VITRINE_HTTP__TLS__CERTIFICATE",
            directory.resolve("certificate.pem").toString(),
            "VITRINE_HTTP__TLS__KEY",
            directory.resolve("key.pem").toString());
    var vertx = Vertx.vertx();

    try (var server = TestingServer.start(directory, settings)) {
      var client = new Client(vertx, version, server.port());
      var data = Buffer.buffer(UploadWireTest.data(5_000_000));

      var created = client.send(HttpMethod.POST, "/v2/images", Buffer.buffer(IMAGE));
      var image = created.json();
      var path = "/v2/images/" + image.getString("id") + "/file";
      var stored = client.send(HttpMethod.PUT, path, data);
      var given = client.send(HttpMethod.GET, path, Buffer.buffer());

      assertThat(created.head().version()).isEqualTo(version);
      assertThat(created.head().getHeader("Location"))
          .isEqualTo("https://127.0.0.1:" + server.port() + image.getString("self"));
      assertThat(stored.head().statusCode()).isEqualTo(204);
      assertThat(given.body()).isEqualTo(data);
    }
    result(vertx.close());
    TestingServer.remove(directory);
  }

  private record Answer(HttpClientResponse head, Buffer body) {
    JsonObject json() {
      return new JsonObject(body);
    }
  }

  /** Sends bodies in pieces, of a length that it does not tell. */
  private static final class Client {
    private final io.vertx.core.http.HttpClient client;
    private final int port;

    Client(Vertx vertx, HttpVersion version, int port) {
      this.port = port;
      this.client =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setSsl(true)
                  .setUseAlpn(true)
                  .setTrustAll(true)
                  .setVerifyHost(false)
                  .setProtocolVersion(version));
    }

    Answer send(HttpMethod method, String path, Buffer body) throws Exception {
      var request = result(client.request(method, port, "127.0.0.1", path));
      if (body.length() > 0) {
        var type = method.equals(HttpMethod.PUT) ? "octet-stream" : "json";
        request.setChunked(true).putHeader("Content-Type", "application/" + type);
        for (int from = 0; from < body.length(); from += 100_000) {
          result(request.write(body.slice(from, Math.min(body.length(), from + 100_000))));
        }
      }
      return result(answer(request));
    }

    private static Future<Answer> answer(HttpClientRequest request) {
      return request
          .end()
          .compose(sent -> request.response())
          .compose(head -> head.body().map(body -> new Answer(head, body)));
    }
  }
}
