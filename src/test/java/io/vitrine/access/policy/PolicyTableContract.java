package io.vitrine.access.policy;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingKeystone;
import io.vitrine.testing.TestingSource;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Every row of a table of who may do what, for every role, relation and visibility, through a
 * server whose callers are known by Keystone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PolicyTableContract {
  final PolicyTable table;
  private final Path directory;
  private final TestingKeystone keystone;
  private final TestingSource source;
  private final TestingServer server;
  private final PolicyTargets targets;

  /**
   * Starts the server.
   *
   * @param tableName the file of the table, beside this class
   * @param policy the contents of the policy file
   */
  PolicyTableContract(String tableName, String policy) throws Exception {
    table = PolicyTable.read(tableName);
    directory = TestingServer.newDirectory();
    var policyFile = Files.writeString(directory.resolve("policy.json"), policy);
    keystone = TestingKeystone.start();
    source = TestingSource.start();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_IDENTITY__KIND",
                "keystone",
                "VITRINE_IDENTITY__KEYSTONE__URL",
                keystone.url(),
                "VITRINE_IDENTITY__KEYSTONE__PASSWORD",
                TestingKeystone.PASSWORD,
                "VITRINE_IMAGE__SHOW_MULTIPLE_LOCATIONS",
                "true",
                "VITRINE_STORES__BACKENDS__WEB__KIND",
                "http",
                "VITRINE_CACHE__ENABLED",
                "true",
                "VITRINE_POLICY__FILE",
                policyFile.toString(),
                "VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS",
                String.valueOf(source.port())));
    keystone.issue("admin@operators", "root", "operators", "admin", "member", "reader");
    targets = new PolicyTargets(caller("admin", "operators"), source.serve(new byte[] {1, 2, 3}));
  }

  @BeforeAll
  void issueTokens() {
    for (var project : List.of("owner", "accepted", "pending", "other")) {
      keystone.issue("admin@" + project, "user", project, "admin", "member", "reader");
      keystone.issue("member@" + project, "user", project, "member", "reader");
      keystone.issue("reader@" + project, "user", project, "reader");
      keystone.issue("service@" + project, "user", project, "service");
      keystone.issue("none@" + project, "user", project);
    }
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    source.close();
    keystone.close();
    TestingServer.remove(directory);
  }

  private TestingApi caller(String role, String project) {
    return new TestingApi(server.port(), "X-Auth-Token", role + "@" + project);
  }

  @TestFactory
  Stream<DynamicTest> asDocumented() {
    return table.rows().stream()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.rule() + ": " + row.call(),
                    () -> {
                      var odd = new ArrayList<String>();

                      var actual = render(row.grid(), (cell, expected) -> sign(row, cell, odd));

                      assertThat(actual)
                          .as("%s", odd)
                          .isEqualTo(render(row.grid(), (cell, expected) -> expected));
                    }));
  }

  private interface Signs {
    String of(PolicyTargets.Cell cell, String expected) throws Exception;
  }

  /** The table's grid with other signs. */
  private static String render(PolicyTable.Grid grid, Signs signs) throws Exception {
    var lines = new ArrayList<String>();
    for (var role : PolicyTable.ROLES) {
      var line = new StringBuilder("%-8s".formatted(role));
      for (var relation : grid.relations()) {
        var expected = Objects.requireNonNull(grid.cells().get(role)).get(relation);
        line.append(' ');
        for (int i = 0; i < grid.visibilities().size(); i++) {
          var cell = new PolicyTargets.Cell(role, relation, grid.visibilities().get(i));
          line.append(signs.of(cell, String.valueOf(Objects.requireNonNull(expected).charAt(i))));
        }
      }
      lines.add(line.toString());
    }
    return lines.stream().collect(joining("\n"));
  }

  private String sign(PolicyTable.Row row, PolicyTargets.Cell cell, List<String> odd)
      throws Exception {
    var call = row.call();
    var shown = call.shown() == null ? "" : targets.resolve(call.shown(), cell);
    var answer = send(call, cell);
    // What the row says is shown tells that the call was permitted, even where it cannot be done.
    boolean isShown = call.shown() != null && answer.body().contains(shown);
    if (answer.statusCode() / 100 == 2 || isShown) {
      if (!call.method().equals("GET")) {
        targets.replace(call.path(), cell);
      }
      return answer.body().contains(shown) ? "+" : ".";
    }
    return switch (answer.statusCode()) {
      case 403 -> "-";
      case 404 -> ".";
      default -> {
        odd.add("%s: %d %s".formatted(cell, answer.statusCode(), answer.body()));
        yield "?";
      }
    };
  }

  private HttpResponse<String> send(PolicyTable.Call call, PolicyTargets.Cell cell)
      throws Exception {
    var api = caller(cell.role(), cell.relation());
    var path = targets.resolve(call.path(), cell);
    if (call.body() == null) {
      return api.call(call.method(), path);
    }
    var type =
        call.body().equals("data")
            ? "application/octet-stream"
            : call.method().equals("PATCH") ? TestingApi.PATCH_TYPE : "application/json";
    var body = BodyPublishers.ofString(targets.resolve(call.body(), cell));
    return api.send(call.method(), path, body, "Content-Type", type);
  }
}
