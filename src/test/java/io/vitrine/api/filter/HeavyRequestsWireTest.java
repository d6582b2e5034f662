package io.vitrine.api.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests of which a few bytes each could cost much. Whether they block a thread is watched in all
 * tests, see {@link io.vitrine.testing.BlockedThreads}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeavyRequestsWireTest {
  private final Path directory;
  private final TestingServer server;
  private final TestingApi api;

  HeavyRequestsWireTest() throws Exception {
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_IMAGE__PROPERTY_QUOTA",
                "1000000",
                "VITRINE_IMAGE__TAG_QUOTA",
                "1000000",
                "VITRINE_IMAGE__SHOW_MULTIPLE_LOCATIONS",
                "true"));
    api = new TestingApi(server.port());
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    TestingServer.remove(directory);
  }

  private static String many(int count, String separator, IntFunction<String> each) {
    return IntStream.range(0, count).mapToObj(each).collect(Collectors.joining(separator));
  }

  private int post(String path, String body) throws Exception {
    return api.send("POST", path, BodyPublishers.ofString(body)).statusCode();
  }

  private int patch(String id, String type, String body) throws Exception {
    return api.send(
            "PATCH", "/v2/images/" + id, BodyPublishers.ofString(body), "Content-Type", type)
        .statusCode();
  }

  @Test
  void takesManyProperties() throws Exception {
    var body = "{%s}".formatted(many(50_000, ",", "\"p%d\":\"\""::formatted));

    assertThat(post("/v2/images", body)).isEqualTo(201);
  }

  @Test
  void takesManyTags() throws Exception {
    var tags = many(80_000, ",", "\"t%d\""::formatted);

    assertThat(post("/v2/images", "{\"tags\": [%s]}".formatted(tags))).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"op\":\"add\",\"path\":\"/p%d\",\"value\":\"\"}",
        "{\"op\":\"replace\",\"path\":\"/name\",\"value\":\"%d\"}",
        "{\"op\":\"replace\",\"path\":\"/min_ram\",\"value\":%d}",
        "{\"op\":\"replace\",\"path\":\"/tags\",\"value\":[\"%d\"]}",
        "{\"op\":\"replace\",\"path\":\"/visibility\",\"value\":\"private\"}",
      })
  void takesManyOperations(String operation) throws Exception {
    var body = "[%s]".formatted(many(18_000, ",", operation::formatted));

    assertThat(patch(api.create(), TestingApi.PATCH_TYPE, body)).isEqualTo(200);
  }

  @Test
  void takesManyOperationsOfTheOlderDialect() throws Exception {
    var body = "[%s]".formatted(many(18_000, ",", "{\"add\":\"/p%d\",\"value\":\"\"}"::formatted));

    assertThat(patch(api.create(), "application/openstack-images-v2.0-json-patch", body))
        .isEqualTo(200);
  }

  @Test
  void asksForNoneOfTooManyLocations() throws Exception {
    var location = "{\"url\":\"http://127.0.0.1:1/%d\",\"metadata\":{}}";
    var added =
        "[%s]"
            .formatted(
                many(
                    8000,
                    ",",
                    i ->
                        "{\"op\":\"add\",\"path\":\"/locations/-\",\"value\":"
                            + location.formatted(i)
                            + "}"));
    var replaced =
        "[{\"op\":\"replace\",\"path\":\"/locations\",\"value\":["
            + many(18_000, ",", location::formatted)
            + "]}]";

    for (var body : List.of(added, replaced)) {
      assertThat(patch(api.create(), TestingApi.PATCH_TYPE, body)).isEqualTo(413);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e999999999",
        "-1e999999999",
        "1e-999999999",
        "1.5e400",
        "1E1000000000000000000",
        "0.0",
        "-1"
      })
  void refusesHugeNumbers(String number) throws Exception {
    var digits = "9".repeat(500_000);

    for (var value : List.of(number, digits, number + digits)) {
      assertThat(post("/v2/images", "{\"min_ram\": %s}".formatted(value))).isEqualTo(400);
      assertThat(post("/v2/images", "{\"x\": %s}".formatted(value))).isEqualTo(400);
      var property =
          "{\"name\": \"x\", \"type\": \"string\", \"title\": \"x\", \"maxLength\": " + value + "}";
      assertThat(post("/v2/metadefs/namespaces/x/properties", property)).isIn(400, 404);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 990, 1100, 100_000})
  void refusesDeepNesting(int depth) throws Exception {
    var arrays = "[".repeat(depth) + "]".repeat(depth);
    var objects = "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
    var id = api.create();

    for (var nested : List.of(arrays, objects)) {
      assertThat(post("/v2/images", nested)).isEqualTo(400);
      assertThat(post("/v2/images", "{\"tags\": %s}".formatted(nested))).isEqualTo(400);
      assertThat(post("/v2/images", "{\"x\": %s}".formatted(nested))).isEqualTo(400);
      assertThat(post("/v2/images/" + id + "/import", "{\"method\": %s}".formatted(nested)))
          .isEqualTo(400);
      assertThat(post("/v2/metadefs/namespaces", "{\"namespace\": %s}".formatted(nested)))
          .isEqualTo(400);
      assertThat(post("/v2/tasks", "{\"type\": \"import\", \"input\": %s}".formatted(nested)))
          .isEqualTo(400);
      var operation = "[{\"op\": \"add\", \"path\": \"/x\", \"value\": %s}]".formatted(nested);
      assertThat(patch(id, TestingApi.PATCH_TYPE, operation)).isEqualTo(400);
      var location =
          "[{\"op\": \"add\", \"path\": \"/locations/-\", \"value\":"
              + " {\"url\": \"x\", \"metadata\": %s}}]".formatted(nested);
      assertThat(patch(id, TestingApi.PATCH_TYPE, location)).isEqualTo(400);
    }
  }

  @Test
  void definesMuchAtOnce() throws Exception {
    var name = UUID.randomUUID().toString();
    var property = "\"p%d\":{\"type\":\"string\",\"title\":\"\"}";
    var namespace =
        "{\"namespace\":\"%s\",\"properties\":{%s}}"
            .formatted(name, many(15_000, ",", property::formatted));
    assertThat(post("/v2/metadefs/namespaces", namespace)).isIn(201, 413);

    var other = UUID.randomUUID().toString();
    var path = "/v2/metadefs/namespaces/" + other + "/tags";
    assertThat(post("/v2/metadefs/namespaces", "{\"namespace\":\"%s\"}".formatted(other)))
        .isEqualTo(201);
    var tags = "{\"tags\":[%s]}".formatted(many(30_000, ",", "{\"name\":\"t%d\"}"::formatted));
    assertThat(post(path, tags)).isIn(201, 413);
  }

  @Test
  void listsWhatIsLargeInMorePages() throws Exception {
    var owner = UUID.randomUUID().toString();
    for (int i = 0; i < 8; i++) {
      var image = new JsonObject().put("owner", owner).put("x", "x".repeat(1_000_000));
      assertThat(api.post("/v2/images", image).statusCode()).isEqualTo(201);
    }
    var next = "/v2/images?owner=" + owner;
    int pages = 0;
    var ids = new JsonArray();

    while (next != null) {
      var page = new JsonObject(api.call("GET", next).body());
      page.getJsonArray("images").forEach(image -> ids.add(((JsonObject) image).getString("id")));
      next = page.getString("next");
      pages++;
    }

    assertThat(ids.stream().distinct()).hasSize(8);
    assertThat(pages).isEqualTo(2);
  }

  @Test
  void readsLongHeaders() throws Exception {
    for (var header :
        Map.of(
                "Accept", many(2500, ",", "a/b;q=0.%d"::formatted),
                "Accept-Encoding", "gzip;q=0,".repeat(3000),
                "Range", "bytes=" + many(3000, ",", "%d-"::formatted),
                "If-None-Match", many(3000, ",", "\"%d\""::formatted),
                "X-Forwarded-For", many(2500, ",", "10.0.0.%d"::formatted),
                "Forwarded", many(1500, ",", "for=10.0.0.%d"::formatted))
            .entrySet()) {
      var id = api.create(new byte[] {1});
      for (var path : List.of("/v2/images/" + id + "/file", "/v2/images/x", "/v2/images")) {
        assertThat(api.call("GET", path, header.getKey(), header.getValue()).statusCode())
            .isLessThan(500);
      }
    }
  }

  @Test
  void readsLongQueries() throws Exception {
    for (var query :
        List.of(
            many(1500, "&", "sort_key=%d"::formatted),
            many(1500, "&", i -> "sort_key=name"),
            "sort=" + many(2000, ",", i -> "name:asc"),
            many(2000, "&", "p%d=v"::formatted),
            many(2000, "&", i -> "tag=" + i),
            "name=in:" + many(5000, ",", Integer::toString),
            "created_at=" + "1".repeat(20_000))) {
      assertThat(api.call("GET", "/v2/images?" + query).statusCode()).isIn(200, 400);
    }
  }
}
