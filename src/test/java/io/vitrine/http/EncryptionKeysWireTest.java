package io.vitrine.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vitrine.TestingConditions;
import io.vitrine.TestingServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class EncryptionKeysWireTest {
  private static final String KEY = "0a1b2c3d-0000-4000-8000-000000000001";

  @Test
  void deletesTheKeyTogetherWithTheImage() throws Exception {
    Queue<String> asked = new ConcurrentLinkedQueue<>();
    var barbican = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    barbican.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    barbican.start();
    var url = "http://127.0.0.1:" + barbican.getAddress().getPort();

    try (var server =
        TestingServer.start(
            TestingServer.newDirectory(), Map.of("VITRINE_SIGNATURE__BARBICAN_URL", url))) {
      var api = new TestingApi(server.port());
      var image =
          new JsonObject()
              .put("cinder_encryption_key_id", KEY)
              .put("cinder_encryption_key_deletion_policy", "on_image_deletion");
      var created = new JsonObject(api.post("/v2/images", image).body());

      var answer = api.call("DELETE", "/v2/images/" + created.getString("id"));

      assertThat(answer.statusCode()).isEqualTo(204);
      var first = TestingConditions.await(asked::peek, Objects::nonNull);
      assertThat(first).isEqualTo("DELETE /v1/secrets/" + KEY);
    } finally {
      barbican.stop(0);
    }
  }
}
