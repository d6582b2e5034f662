package io.vitrine.api.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted images: what the key manager is told, and what cannot be done with them. */
class EncryptionKeysWireTest {
  private static final String KEY = "0a1b2c3d-0000-4000-8000-000000000001";
  private static final String SECRET = "/v1/secrets/" + KEY;
  private static final Queue<String> ASKED = new ConcurrentLinkedQueue<>();

  private static final String OTHER = "0a1b2c3d-0000-4000-8000-000000000002";
  private static final AtomicInteger faults = new AtomicInteger();

  private static HttpServer barbican;
  private static TestingServer server;
  private static TestingApi api;

  @BeforeAll
  static void start() throws Exception {
    barbican = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    barbican.createContext(
        "/",
        exchange -> {
          var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          var request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
          ASKED.add(body.isEmpty() ? request : request + " " + body);
          boolean isFaulty = faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
          exchange.sendResponseHeaders(
              isFaulty ? 503 : request.endsWith("/consumers") ? 200 : 204, -1);
          exchange.close();
        });
    barbican.start();
    server =
        TestingServer.start(
            TestingServer.newDirectory(), Map.of("VITRINE_SIGNATURE__BARBICAN_URL", keyManager()));
    api = new TestingApi(server.port());
  }

  private static String keyManager() {
    return "http://127.0.0.1:" + barbican.getAddress().getPort();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    barbican.stop(0);
  }

  @BeforeEach
  void forget() {
    faults.set(0);
    ASKED.clear();
  }

  private static JsonObject image(String diskFormat, String key) {
    return new JsonObject()
        .put("disk_format", diskFormat)
        .put("container_format", "bare")
        .put(key, KEY);
  }

  private static void awaitAsked(String... requests) {
    TestingConditions.await(() -> List.copyOf(ASKED), asked -> asked.size() >= requests.length);
    assertThat(ASKED).containsExactly(requests);
  }

  @ParameterizedTest
  @CsvSource({
    "os_encrypt_key_id,os_encrypt_key_deletion_policy,True",
    "cinder_encryption_key_id,cinder_encryption_key_deletion_policy,on_image_deletion"
  })
  void tellsTheKeyManagerWhoNeedsAKeyAndDeletesIt(String key, String policy, String value)
      throws Exception {
    var id = api.create(image("raw", key).put(policy, value));
    var consumer =
        " {\"service\":\"image\",\"resource_type\":\"image\",\"resource_id\":\"%s\"}".formatted(id);

    assertThat(api.upload(id, new byte[] {1}).statusCode()).isEqualTo(204);
    awaitAsked("POST " + SECRET + "/consumers" + consumer);
    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);

    awaitAsked(
        "POST " + SECRET + "/consumers" + consumer,
        "DELETE " + SECRET + "/consumers" + consumer,
        "DELETE " + SECRET);
  }

  private static String consumers(String key) {
    return "/v1/secrets/" + key + "/consumers";
  }

  private static String consumer(String id) {
    return " {\"service\":\"image\",\"resource_type\":\"image\",\"resource_id\":\"%s\"}"
        .formatted(id);
  }

  private static void patch(String id, String operation, String property, String value)
      throws Exception {
    var change = new JsonObject().put("op", operation).put("path", "/" + property);
    var answer =
        api.patch(id, new JsonArray().add(value.isEmpty() ? change : change.put("value", value)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"os_encrypt_key_id", "cinder_encryption_key_id"})
  void followsTheKeyOfAnImageThatHasData(String property) throws Exception {
    var id = api.create(new byte[] {1});
    var post = "POST " + consumers(KEY) + consumer(id);
    var leave = "DELETE " + consumers(KEY) + consumer(id);
    var postOther = "POST " + consumers(OTHER) + consumer(id);
    var leaveOther = "DELETE " + consumers(OTHER) + consumer(id);

    patch(id, "add", property, KEY);
    awaitAsked(post);
    patch(id, "add", "color", "red");
    patch(id, "replace", property, OTHER);
    awaitAsked(post, leave, postOther);
    patch(id, "remove", property, "");
    awaitAsked(post, leave, postOther, leaveOther);
  }

  @Test
  void leavesAKeyThatAnImageWithoutDataNamedButClaimsNone() throws Exception {
    var id = api.create(image("raw", "os_encrypt_key_id"));

    patch(id, "replace", "os_encrypt_key_id", OTHER);
    assertThat(api.upload(id, new byte[] {1}).statusCode()).isEqualTo(204);

    awaitAsked(
        "DELETE " + consumers(KEY) + consumer(id), "POST " + consumers(OTHER) + consumer(id));
  }

  @Test
  void claimsAKeyThatAnImportIsGoingToGive() throws Exception {
    var yaml =
        """
        import:
          plugins: [inject_image_metadata]
          inject_metadata: {properties: {os_encrypt_key_id: "%s"}, ignore_roles: []}
        """
            .formatted(KEY);
    var directory = TestingServer.newDirectory();
    try (var injecting =
        TestingServer.start(
            directory, Map.of("VITRINE_SIGNATURE__BARBICAN_URL", keyManager()), yaml)) {
      var client = new TestingApi(injecting.port());
      var id = client.create();
      assertThat(client.stage(id, new byte[] {1}).statusCode()).isEqualTo(204);

      assertThat(client.importStaged(id).statusCode()).isEqualTo(202);

      awaitAsked("POST " + consumers(KEY) + consumer(id));
    } finally {
      TestingServer.remove(directory);
    }
  }

  @Test
  void tellsTheKeyManagerAgainWhenItIsNotWell() throws Exception {
    var id = api.create(new byte[] {1});
    var post = "POST " + consumers(KEY) + consumer(id);
    faults.set(2);

    patch(id, "add", "os_encrypt_key_id", KEY);

    awaitAsked(post, post, post);
  }

  @ParameterizedTest
  @ValueSource(strings = {"os_encrypt_key_id", "cinder_encryption_key_id"})
  void refusesAtOnceToConvertWhatIsEncrypted(String key) throws Exception {
    var id = api.create(image("qcow2", key));
    assertThat(api.stage(id, new byte[] {1}).statusCode()).isEqualTo(204);

    var answer = submit(id);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("encrypted", KEY, "raw");
    assertThat(api.image(id).getString("status")).isEqualTo("uploading");
    assertThat(ASKED).isEmpty();
  }

  @Test
  void importsWhatIsEncryptedAsItIs() throws Exception {
    var id = api.create(image("raw", "os_encrypt_key_id"));
    assertThat(api.stage(id, new byte[] {1}).statusCode()).isEqualTo(204);

    assertThat(submit(id).statusCode()).isEqualTo(202);

    var image =
        TestingConditions.await(
            () -> api.image(id), now -> !now.getString("status").equals("importing"));
    assertThat(image.getString("status")).isEqualTo("active");
    TestingConditions.await(() -> List.copyOf(ASKED), asked -> !asked.isEmpty());
    assertThat(ASKED.peek()).startsWith("POST " + SECRET + "/consumers");
  }

  private static HttpResponse<String> submit(String id) throws IOException, InterruptedException {
    var method = new JsonObject().put("name", "glance-direct");
    return api.post("/v2/images/" + id + "/import", new JsonObject().put("method", method));
  }

  @ParameterizedTest
  @ValueSource(strings = {"luks", "gpt"})
  void takesEncryptedAndPartitionedDisksByTheirNames(String diskFormat) throws Exception {
    var created = api.post("/v2/images", image(diskFormat, "os_encrypt_key_id"));

    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource({
    "os_encrypt_key_id,../orders",
    "os_encrypt_key_deletion_policy,perhaps",
    "os_decrypt_size,large"
  })
  void refusesWhatCannotBe(String property, String value) throws Exception {
    var answer = api.post("/v2/images", new JsonObject().put(property, value));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(property);
  }
}
