package io.vitrine.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import io.vitrine.catalog.TestingDatabase;
import io.vitrine.catalog.database.DatabaseAddress;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A server that runs while the migration of a newer version adds to the schema. */
class NewerSchemaWireTest {
  private static final byte[] DATA = UploadWireTest.data(1000);

  @Test
  void goesOnWhenTablesGetMoreColumns() throws Exception {
    var directory = TestingServer.newDirectory();
    // Few connections, so that each of them has planned the statements that follow.
    var settings = Map.of("VITRINE_DATABASE__POOL_SIZE", "2", "VITRINE_HTTP__INSTANCES", "1");
    try (var server = TestingServer.start(directory, settings)) {
      var api = new TestingApi(server.port());
      for (int turn = 0; turn < 3; turn++) {
        useAll(api, "before-" + turn);
      }

      addColumns(TestingDatabase.of(directory));

      useAll(api, "after");
    } finally {
      TestingServer.remove(directory);
    }
  }

  private static void addColumns(DatabaseAddress address) throws SQLException {
    try (var connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        var statement = connection.createStatement()) {
      var tables = new ArrayList<String>();
      try (var rows =
          statement.executeQuery("select tablename from pg_tables where schemaname = 'public'")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      assertThat(tables).contains("images", "blobs", "tasks", "members");
      for (var table : tables) {
        statement.execute("alter table " + table + " add column later text default 'later'");
      }
    }
  }

  /** Reads and writes every table. */
  private static void useAll(TestingApi api, String name) throws Exception {
    images(api, name);
    imports(api);
    members(api);
    definitions(api, name);
  }

  private static void images(TestingApi api, String name) throws Exception {
    var id = api.create(DATA);
    assertThat(api.download(id).body()).isEqualTo(DATA);
    var change = new JsonObject().put("op", "replace").put("path", "/name").put("value", name);
    expect(200, api.patch(id, new JsonArray().add(change)));
    expect(204, api.call("PUT", "/v2/images/" + id + "/tags/" + name));
    expect(200, api.call("GET", "/v2/images?tag=" + name));
    expect(200, api.call("GET", "/v2/images"));
    expect(204, api.call("DELETE", "/v2/images/" + id));
  }

  private static void imports(TestingApi api) throws Exception {
    var id = api.create();
    expect(204, api.stage(id, DATA));
    expect(202, api.importStaged(id));
    api.await(id, "active");
    assertThat(api.task(id).getString("status")).isEqualTo("success");
    expect(200, api.call("GET", "/v2/tasks"));
    expect(200, api.call("GET", "/v2/tasks/" + api.task(id).getString("id")));
    var copy = new JsonObject().put("name", "copy-image");
    var order = new JsonObject().put("method", copy).put("stores", List.of("archive"));
    expect(202, api.post("/v2/images/" + id + "/import", order));
    api.await(id, image -> image.getString("stores").contains("archive"));
    assertThat(api.download(id).body()).isEqualTo(DATA);
    expect(204, api.call("DELETE", "/v2/images/" + id));
  }

  private static void members(TestingApi api) throws Exception {
    var members = "/v2/images/" + api.create() + "/members";
    expect(200, api.post(members, new JsonObject().put("member", "friend")));
    expect(200, api.call("GET", members));
    expect(200, api.call("GET", members + "/friend"));
    expect(204, api.call("DELETE", members + "/friend"));
  }

  private static void definitions(TestingApi api, String name) throws Exception {
    var namespaces = "/v2/metadefs/namespaces";
    var namespace = namespaces + "/" + name;
    expect(201, api.post(namespaces, new JsonObject().put("namespace", name)));
    expect(200, api.call("GET", namespaces));
    expect(200, api.call("GET", namespace));
    expect(200, put(api, namespace, new JsonObject().put("namespace", name)));
    expect(201, api.post(namespace + "/objects", new JsonObject().put("name", "disk")));
    expect(200, api.call("GET", namespace + "/objects"));
    expect(200, api.call("GET", namespace + "/objects/disk"));
    expect(200, put(api, namespace + "/objects/disk", new JsonObject().put("name", "disk")));
    expect(200, api.call("GET", "/v2/metadefs/resource_types"));
    expect(204, api.call("DELETE", namespace));
  }

  private static HttpResponse<String> put(TestingApi api, String path, JsonObject body)
      throws IOException, InterruptedException {
    return api.send(
        "PUT", path, BodyPublishers.ofString(body.encode()), "Content-Type", "application/json");
  }

  private static void expect(int status, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
  }
}
