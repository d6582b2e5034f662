package io.vitrine.observe.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.TestingApi;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedServer.class)
class ManagementWireTest {
  private final TestingApi api;
  private final TestingApi management;

  ManagementWireTest(TestingServer server) {
    this.api = new TestingApi(server.port());
    this.management = new TestingApi(server.managementPort());
  }

  @Test
  void measuresEveryPart() throws Exception {
    api.create(new byte[100]);

    var answer = management.call("GET", "/metrics");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(answer.body())
        .contains(
            "vitrine_transfer_bytes_sum{direction=\"in\"}",
            "vitrine_transfer_active{direction=\"out\"}",
            "vitrine_transfer_seconds_count{direction=\"in\"}",
            "vitrine_transfer_failures_total",
            "vitrine_ready 1.0",
            "vitrine_build_info{revision=\"",
            "vitrine_database_up 1.0",
            "vitrine_database_connections_used{pool=\"requests\"}",
            "vitrine_database_waiting{pool=\"upkeep\"}",
            "vitrine_database_refused_total{pool=\"requests\"}",
            "vitrine_import_active",
            "vitrine_conversion_isolation{engine=\"builtin\",kind=\"no process\"} 1.0",
            "vitrine_import_queue_depth",
            "vitrine_import_oldest_task_age_seconds",
            "vitrine_http_request_seconds_bucket{method=\"POST\",route=\"/v2/images\",status=\"201\",le=\"0.5\"}",
            "vertx_http_server_requests_total",
            "vertx_eventbus_",
            "vertx_pool_",
            "jvm_memory_used_bytes",
            "jvm_gc_",
            "process_cpu_usage");
  }

  @Test
  void tellsTheSchemaVersion() throws Exception {
    TestingConditions.await(
        () -> management.call("GET", "/metrics").body(),
        text -> text.matches("(?s).*\nvitrine_database_schema_version [1-9][0-9.]*\n.*"));
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/images, /v2/images",
    "/v2.15/images, /v2/images",
    "/v2/images/ID, /v2/images/:image",
    "/v2/images/ID/file, /v2/images/:image/file",
    "/v2/images/ID/events, /v2/images/:image/events",
    "/v2/images/ID/members/x, /v2/images/:image/members/:member",
    "/v2/images/ID/whatever, other",
    "/v2/metadefs/namespaces/x/tags, /v2/metadefs/namespaces/:namespace/tags",
    "/v2/info/stores/detail, /v2/info/stores/detail",
    "/v2/made-up, other",
    "/, other"
  })
  void labelsRequestsByTheirRoute(String path, String route) throws Exception {
    var label = "vitrine_http_request_seconds_count{method=\"GET\",route=\"" + route + "\"";
    double before = sum(label);

    api.call("GET", path.replace("ID", UUID.randomUUID().toString()));

    TestingConditions.await(() -> sum(label), count -> count > before);
  }

  private double sum(String label) throws Exception {
    return management
        .call("GET", "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/health/started", "/health/ready"})
  void isWell(String path) throws Exception {
    var answer = management.call("GET", path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("UP");
  }

  @Test
  void servesNothingElse() throws Exception {
    assertThat(management.call("GET", "/v2/images").statusCode()).isEqualTo(404);
    assertThat(api.call("GET", "/metrics").statusCode()).isEqualTo(300);
  }
}
