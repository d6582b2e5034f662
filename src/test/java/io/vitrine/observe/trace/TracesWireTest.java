package io.vitrine.observe.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.catalog.TestingDatabase;
import io.vitrine.importer.TestingDiskImages;
import io.vitrine.observe.trace.TestingCollector.Told;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Servers that tell a collector of OpenTelemetry what they do; the last is told when they stop. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracesWireTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";
  private static final String TRACEPARENT = "00-%s-%s-01".formatted(TRACE, CALLER);
  private static final int DATA_BYTES = 10 << 20;

  private final Path directory;
  private final TestingCollector collector = TestingCollector.start();

  TracesWireTest() throws Exception {
    directory = TestingServer.newDirectory();
  }

  @AfterAll
  void close() throws IOException, TimeoutException {
    collector.close();
    TestingServer.remove(directory);
  }

  /** A node whose stores all nodes of the test share. */
  private TestingServer start(String node, Map<String, String> more) throws Exception {
    var settings = new HashMap<String, String>();
    settings.put("VITRINE_NODE__NAME", node);
    settings.put("VITRINE_DATABASE__URL", TestingDatabase.of(directory).toUrl());
    settings.put("VITRINE_STORES__BACKENDS__LOCAL__DIR", directory.resolve("local").toString());
    settings.put("VITRINE_STORES__STAGING__DIR", directory.resolve("staging").toString());
    settings.put("VITRINE_TRACING__ENABLED", "true");
    settings.put("VITRINE_TRACING__ENDPOINT", collector.endpoint());
    settings.putAll(more);
    return TestingServer.start(Files.createTempDirectory(directory, node), settings);
  }

  private TestingServer start(String node, String roles, int sourcePort) throws Exception {
    return start(
        node,
        Map.of(
            "VITRINE_ROLES",
            roles,
            "VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS",
            String.valueOf(sourcePort)));
  }

  @Test
  void tellsOfAnUploadInAHandfulOfSpansHoweverManyItsChunksAre() throws Exception {
    String id;
    String requestId;
    try (var server =
        start("upload", Map.of("VITRINE_TRACING__HEADERS", "Authorization=Bearer%20abc"))) {
      var api = new TestingApi(server.port());
      id = api.create();

      var answer =
          api.upload(
              id, new byte[DATA_BYTES], "traceparent", TRACEPARENT, "X-Auth-Token", "a-secret");

      requestId = answer.headers().firstValue("X-Openstack-Request-Id").orElseThrow();
    }

    var spans = collector.trace(TRACE);
    assertThat(spans)
        .extracting(Told::name)
        .containsExactlyInAnyOrder(
            "PUT /v2/images/:image/file",
            "WriteRequest",
            "WriteRequest",
            "store write",
            "Finish",
            "Finish");
    var request = only(spans, "PUT /v2/images/:image/file");
    assertThat(request.parent()).isEqualTo(CALLER);
    assertThat(request.kind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
    assertThat(request.attributes())
        .containsEntry("http.route", "/v2/images/:image/file")
        .containsEntry("http.request.method", "PUT")
        .containsEntry("http.response.status_code", "204")
        .containsEntry("url.path", "/v2/images/" + id + "/file")
        .containsEntry("vitrine.request_id", requestId);
    assertThat(only(spans, "store write").attributes())
        .containsEntry("vitrine.store", "local")
        .containsEntry("vitrine.bytes", String.valueOf(DATA_BYTES));
    assertThat(path(spans, only(spans, "store write")))
        .containsExactly(
            "store write", "WriteRequest", "WriteRequest", "PUT /v2/images/:image/file");
    assertThat(spans).noneMatch(Told::isFailed);
    assertThat(collector.headers())
        .anyMatch(headers -> "Bearer abc".equals(headers.get("authorization")));
    assertThat(collector.spans().toString()).doesNotContain("a-secret");
  }

  @Test
  void goesOnWithARequestsTraceInTheImportOnAnotherNode() throws Exception {
    var asked = new CopyOnWriteArrayList<Map<String, String>>();
    var file = TestingDiskImages.of("qcow2", new byte[1 << 20]);
    String id;
    try (var source = TestingSource.start();
        var api = start("api", "http,store", source.port())) {
      var url =
          source.serve(
              (headers, client) -> {
                asked.add(headers);
                TestingSource.send(client, file, file.length);
              });
      var client = new TestingApi(api.port());
      id = create(client, "qcow2");
      client.importFrom(id, url);
      var worker = start("worker", "import,store", source.port());
      client.await(id, "active");
      worker.close();
    }

    var request =
        collector.spans().stream()
            .filter(span -> span.name().equals("POST /v2/images/:image/import"))
            .filter(span -> String.valueOf(span.attributes().get("url.path")).contains(id))
            .findFirst()
            .orElseThrow();
    var spans = collector.trace(request.trace());
    var task = only(spans, "import web-download");
    assertThat(request.node()).isEqualTo("api");
    assertThat(task.node()).isEqualTo("worker");
    assertThat(task.parent()).isEqualTo(request.id());
    assertThat(task.attributes())
        .containsEntry("vitrine.image_id", id)
        .containsEntry("vitrine.attempt", "1")
        .containsEntry("vitrine.outcome", "success");
    assertThat(spans.stream().filter(span -> span.parent().equals(task.id())))
        .extracting(Told::name)
        .contains("downloading", "inspecting", "converting from qcow2 to raw", "storing");
    assertThat(only(spans, "downloading").attributes())
        .containsEntry("vitrine.bytes", String.valueOf(file.length));
    assertThat(only(spans, "storing").attributes())
        .containsEntry("vitrine.store", "local")
        .containsEntry("vitrine.bytes", String.valueOf(1 << 20));
    assertThat(spans.stream().filter(span -> span.name().equals("store write")))
        .isNotEmpty()
        .allSatisfy(
            span ->
                assertThat(path(spans, span))
                    .endsWith("import web-download", "POST /v2/images/:image/import"));
    assertThat(asked).isNotEmpty().noneMatch(headers -> headers.containsKey("traceparent"));
  }

  @Test
  void showsNoSecretsOfTickets() throws Exception {
    try (var server = start("tickets", Map.of())) {
      var api = new TestingApi(server.port());
      api.call("GET", "/vitrine/v1/tickets/vtk_guessed");
      api.call("GET", "/vitrine/v1/tickets/vtk_%67uessed");
    }

    var spans =
        collector.spans().stream()
            .filter(span -> span.name().equals("GET /vitrine/v1/tickets/:secret"))
            .toList();
    assertThat(spans)
        .extracting(span -> span.attributes().get("url.path"))
        .containsExactlyInAnyOrder("/vitrine/v1/tickets/…", "…");
    assertThat(collector.spans().toString()).doesNotContain("guessed", "uessed");
  }

  @Test
  void followsNoCallerUnlessItMay() throws Exception {
    var stranger = "1af7651916cd43dd8448eb211c80319c";
    try (var server = start("alone", Map.of("VITRINE_TRACING__FOLLOW_CALLERS", "false"))) {
      new TestingApi(server.port())
          .call(
              "GET",
              "/v2/images?name=hidden",
              "traceparent",
              "00-" + stranger + "-" + CALLER + "-01");
    }

    assertThat(collector.trace(stranger)).isEmpty();
    assertThat(collector.spans())
        .filteredOn(span -> span.node().equals("alone"))
        .singleElement()
        .matches(span -> span.name().equals("GET /v2/images"))
        .matches(span -> span.parent().isEmpty())
        .matches(span -> !span.attributes().toString().contains("hidden"));
  }

  @Test
  void tellsOnlyThePartThatIsAskedFor() throws Exception {
    var sampled = "2af7651916cd43dd8448eb211c80319c";
    try (var server = start("rarely", Map.of("VITRINE_TRACING__SAMPLE_RATIO", "0"))) {
      var api = new TestingApi(server.port());
      api.call("GET", "/v2/images");
      api.call("GET", "/v2/images", "traceparent", "00-" + sampled + "-" + CALLER + "-01");
    }

    assertThat(collector.spans())
        .filteredOn(span -> span.node().equals("rarely"))
        .extracting(Told::trace)
        .containsExactly(sampled);
  }

  @Test
  void writesTheTraceIntoLinesOfTheLog() throws Exception {
    var trace = "3af7651916cd43dd8448eb211c80319c";
    try (var log = TestingLog.open();
        var server = start("writer", Map.of())) {
      var api = new TestingApi(server.port());
      var answer =
          api.call("GET", "/v2/images", "traceparent", "00-" + trace + "-" + CALLER + "-00");

      var id = answer.headers().firstValue("X-Openstack-Request-Id").orElseThrow();
      var line =
          TestingConditions.await(() -> log.line("request_id=" + id), found -> !found.isEmpty());
      assertThat(line).endsWith(" trace_id=" + trace);
    }
  }

  @Test
  void goesOnWithoutACollectorAndWarnsOnce() throws Exception {
    var nobody = Map.of("VITRINE_TRACING__ENDPOINT", "http://127.0.0.1:1/v1/traces");
    try (var log = TestingLog.open()) {
      var server = start("lonely", nobody);
      var api = new TestingApi(server.port());
      for (int i = 0; i < 3; i++) {
        api.create(new byte[1000]);
      }
      var begin = System.nanoTime();
      server.close();

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
      assertThat(log.lines("does not accept traces")).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void tellsKeystoneOfTheTraceAndTheTraceOfKeystone() throws Exception {
    var trace = "4af7651916cd43dd8448eb211c80319c";
    // Whatever it is asked, it remembers the headers, and is no Keystone.
    try (var keystone = TestingCollector.start()) {
      var settings =
          Map.of(
              "VITRINE_IDENTITY__KIND", "keystone",
              "VITRINE_IDENTITY__KEYSTONE__URL", keystone.endpoint(),
              "VITRINE_IDENTITY__KEYSTONE__PASSWORD", "a-password",
              "VITRINE_IDENTITY__KEYSTONE__RETRIES", "0");
      try (var server = start("stranded", settings)) {
        var api = new TestingApi(server.port());

        var answer =
            api.call(
                "GET",
                "/v2/images",
                "traceparent",
                "00-" + trace + "-" + CALLER + "-01",
                "X-Auth-Token",
                "a-secret");

        assertThat(answer.statusCode()).isEqualTo(503);
      }

      assertThat(keystone.headers())
          .isNotEmpty()
          .allMatch(headers -> headers.getOrDefault("traceparent", "").contains(trace));
    }
    var spans = collector.trace(trace);
    assertThat(only(spans, "GET /v2/images"))
        .matches(Told::isFailed)
        .matches(span -> "503".equals(span.attributes().get("http.response.status_code")));
    assertThat(spans).anyMatch(span -> span.kind() == SpanKind.SPAN_KIND_CLIENT);
    assertThat(spans.toString()).doesNotContain("a-secret", "a-password");
  }

  @Test
  void tellsNothingUnlessItIsAskedTo() throws Exception {
    try (var server = start("silent", Map.of("VITRINE_TRACING__ENABLED", "false"))) {
      var api = new TestingApi(server.port());
      api.create(new byte[1000]);
    }

    assertThat(collector.spans()).noneMatch(span -> span.node().equals("silent"));
  }

  private static Told only(List<Told> spans, String name) {
    var found = spans.stream().filter(span -> span.name().equals(name)).toList();
    assertThat(found).as(name).hasSize(1);
    return found.getFirst();
  }

  /** The names from a span up to the first of its trace that was told. */
  private static List<String> path(List<Told> spans, Told span) {
    var names = new ArrayList<String>();
    for (var at = List.of(span); !at.isEmpty(); at = parents(spans, at.getFirst())) {
      names.add(at.getFirst().name());
    }
    return names;
  }

  private static List<Told> parents(List<Told> spans, Told span) {
    return spans.stream().filter(each -> each.id().equals(span.parent())).toList();
  }

  private static String create(TestingApi api, String format) throws Exception {
    var image = new JsonObject().put("disk_format", format).put("container_format", "bare");
    var answer = api.send("POST", "/v2/images", BodyPublishers.ofString(image.encode()));
    return new JsonObject(answer.body()).getString("id");
  }
}
