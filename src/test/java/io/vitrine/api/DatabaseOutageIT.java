package io.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.app.TestingServer;
import io.vitrine.catalog.database.Migrations;
import io.vitrine.catalog.embedded.EmbeddedPostgres;
import io.vitrine.catalog.embedded.TestingHome;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingProxy;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients see of a database that fails as databases do. */
class DatabaseOutageIT {
  private static final Duration AT_ONCE = Duration.ofSeconds(1);
  private static final int WAITING_OF_CLIENT = 10;

  private static Path directory;
  private static EmbeddedPostgres postgres;
  private static TestingProxy proxy;
  private static TestingServer server;

  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final Connection admin;

  DatabaseOutageIT() throws SQLException {
    admin = connect();
  }

  @BeforeAll
  static void start() throws Exception {
    directory = TestingServer.newDirectory();
    TestingHome.prepare(directory.resolve("database"));
    postgres = EmbeddedPostgres.start(directory.resolve("database"));
    Migrations.migrate(postgres.address());
    proxy = new TestingProxy(postgres.address().servers().getFirst().port());
    var address = postgres.address();
    try (var owner = connect();
        var statement = owner.createStatement()) {
      // Limits do not hold for a superuser.
      statement.execute("create role vitrine_app login password 'secret'");
      statement.execute("grant all on all tables in schema public to vitrine_app");
      statement.execute("grant all on all sequences in schema public to vitrine_app");
    }
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_DATABASE__URL",
                "postgresql://127.0.0.1:%d/%s".formatted(proxy.port(), address.database()),
                "VITRINE_DATABASE__USER",
                "vitrine_app",
                "VITRINE_DATABASE__PASSWORD",
                "secret",
                "VITRINE_DATABASE__POOL_SIZE",
                "4",
                "VITRINE_DATABASE__WAITING__TIMEOUT",
                "400ms",
                "VITRINE_DATABASE__WAITING__MAX_PER_CLIENT",
                String.valueOf(WAITING_OF_CLIENT),
                "VITRINE_LEASE__TTL",
                "1500ms"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    proxy.close();
    postgres.close();
    TestingServer.remove(directory);
  }

  @AfterEach
  void recover() throws Exception {
    proxy.thaw();
    clients.shutdownNow();
    admin.close();
    TestingConditions.await(
        () -> management().call("GET", "/health/ready").statusCode(), status -> status == 200);
  }

  private static TestingApi api() {
    return new TestingApi(server.port());
  }

  private static TestingApi management() {
    return new TestingApi(server.managementPort());
  }

  private static Connection connect() throws SQLException {
    var address = postgres.address();
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s"
            .formatted(address.servers().getFirst().port(), address.database()),
        address.user(),
        address.password());
  }

  private void run(String sql) throws SQLException {
    try (var statement = admin.createStatement()) {
      statement.execute(sql);
    }
  }

  private void terminateAll() throws SQLException {
    run(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'vitrine'");
  }

  private List<Future<HttpResponse<String>>> requests(int number, String path) {
    Callable<HttpResponse<String>> request = () -> api().call("GET", path);
    return IntStream.range(0, number).mapToObj(each -> clients.submit(request)).toList();
  }

  private static List<HttpResponse<String>> answers(List<Future<HttpResponse<String>>> requests)
      throws Exception {
    var answers = new ArrayList<HttpResponse<String>>();
    for (var request : requests) {
      answers.add(request.get());
    }
    return answers;
  }

  private static void assertIsWorthARetry(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow()))
        .isBetween(1, 30);
  }

  /** The body of an answer of the readiness probe, which comes at once. */
  private String ready() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    var answer = management().call("GET", "/health/ready");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_ONCE);
    assertThat(answer.body()).startsWith(answer.statusCode() == 200 ? "UP" : "DOWN\n");
    return answer.body();
  }

  private double metric(String name) throws IOException, InterruptedException {
    return management()
        .call("GET", "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }

  @Test
  void survivesTerminatedConnections() throws Exception {
    for (int round = 0; round < 5; round++) {
      var requests = requests(20, "/v2/images");
      terminateAll();

      for (var answer : answers(requests)) {
        if (answer.statusCode() != 200) {
          assertIsWorthARetry(answer);
        }
      }
    }
    assertThat(
            TestingConditions.await(
                () -> api().call("GET", "/v2/images").statusCode(), status -> status == 200))
        .isEqualTo(200);
  }

  @Test
  void doesWorkAgainWhoseConnectionsWereTerminated() throws Exception {
    for (int round = 0; round < 5; round++) {
      terminateAll();
      assertThat(api().create()).isNotEmpty();
    }
  }

  @Test
  void saysThatThereAreTooManyConnections() throws Exception {
    run("alter role vitrine_app connection limit 0");
    try {
      terminateAll();

      for (var answer : answers(requests(20, "/v2/images"))) {
        assertIsWorthARetry(answer);
      }
      assertThat(metric("vitrine_database_failures_total{kind=\"busy\"}")).isPositive();
      // At first it may tell of the connections that were terminated.
      assertThat(
              TestingConditions.await(this::ready, text -> text.contains("too many connections")))
          .startsWith("DOWN");
    } finally {
      run("alter role vitrine_app connection limit -1");
    }
  }

  @Test
  void answersAtOnceWhileTheDatabaseIsFrozen() throws Exception {
    proxy.freeze();

    long begin = System.nanoTime();
    var requests = requests(40, "/v2/images");
    var early =
        TestingConditions.await(
            () -> requests.stream().filter(Future::isDone).toList(), done -> done.size() >= 36);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    for (var answer : early) {
      assertIsWorthARetry(answer.get());
    }
    var body = TestingConditions.await(this::ready, text -> text.startsWith("DOWN"));
    assertThat(body).contains("database: no answer for");
    assertThat(management().call("GET", "/health/live").statusCode()).isEqualTo(200);
    assertThat(metric("vitrine_database_up")).isZero();

    proxy.thaw();
    TestingConditions.await(this::ready, text -> text.startsWith("UP"));
    assertThat(metric("vitrine_database_up")).isOne();
    assertThat(answers(requests)).allMatch(answer -> answer.statusCode() != 500);
  }

  @Test
  void saysThatTheDatabaseTakesNoWrites() throws Exception {
    run("alter system set default_transaction_read_only = on");
    run("select pg_reload_conf()");
    try {
      assertThat(TestingConditions.await(this::ready, text -> text.startsWith("DOWN")))
          .containsAnyOf("it accepts no writes", "it is read-only");
      var answer = api().post("/v2/images", new JsonObject());
      assertIsWorthARetry(answer);
      assertThat(metric("vitrine_database_failures_total{kind=\"read-only\"}")).isPositive();
    } finally {
      run("set default_transaction_read_only = off");
      run("alter system reset default_transaction_read_only");
      run("select pg_reload_conf()");
    }
    TestingConditions.await(this::ready, text -> text.startsWith("UP"));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void findsOutWhetherAnUploadWasCommitted(TestingProxy.Cut cut) throws Exception {
    // The text goes to the server only once for each connection.
    terminateAll();
    var id = api().create();
    proxy.cutCommit("status = 'active', size", cut);

    var answer = api().upload(id, new byte[1000]);

    assertThat(proxy.hasCut()).isTrue();
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    assertThat(api().image(id).getString("status")).isEqualTo("active");
    assertThat(api().download(id).body()).hasSize(1000);
  }

  @Test
  void keepsLeasesAliveWhileRequestsFloodThePool() throws Exception {
    var id = api().create();
    try (var connection = new RawConnection(server.port())) {
      connection.put("/v2/images/" + id + "/file", "Content-Length: 10\r\n").send(new byte[5]);
      api().await(id, "saving");
      try (var locks = connect()) {
        locks.setAutoCommit(false);
        locks.createStatement().execute("lock table images in access exclusive mode");
        var first = leasedUntil(id);
        var requests = requests(100, "/v2/images/" + id);

        TestingConditions.await(() -> leasedUntil(id), until -> until.compareTo(first) > 0);
        assertThat(ready()).startsWith("UP");
        TestingConditions.await(
            () -> requests.stream().filter(Future::isDone).count(), done -> done >= 96);
        assertThat(metric("vitrine_database_refused_total{pool=\"requests\"}")).isPositive();
        locks.rollback();
        for (var answer : answers(requests)) {
          if (answer.statusCode() != 200) {
            assertIsWorthARetry(answer);
          }
        }
      }
      connection.send(new byte[5]);
      api().await(id, "active");
    }
  }

  private String leasedUntil(String id) throws SQLException {
    try (var statement =
        admin.prepareStatement("select leased_until::text from blobs where image_id = ?::uuid")) {
      statement.setString(1, id);
      var rows = statement.executeQuery();
      rows.next();
      return rows.getString(1);
    }
  }
}
