package io.vitrine.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A deployment whose default store holds data of servers of others, as Glance's may. */
class WebDefaultWireTest {
  private static final byte[] DATA = UploadWireTest.data(100_000);

  @Test
  void takesLocationsAndNoData() throws Exception {
    var directory = TestingServer.newDirectory();
    try (var source = TestingSource.start();
        var server =
            TestingServer.start(
                directory,
                Map.of("VITRINE_STORES__DEFAULT", "second"),
                "stores: {backends: {first: {kind: http}, second: {kind: http}}}")) {
      var api = new TestingApi(server.port());
      var id = api.create();

      assertThat(stores(api))
          .contains(
              new JsonObject().put("id", "second").put("default", "true").put("read-only", "true"));
      assertThat(api.upload(id, DATA).statusCode()).isEqualTo(410);
      assertThat(api.stage(id, DATA).statusCode()).isEqualTo(204);
      assertThat(api.importStaged(id).statusCode()).isEqualTo(409);
      var other = api.create();
      var url = new JsonObject().put("url", source.serve(DATA));
      assertThat(api.post("/v2/images/" + other + "/locations", url).statusCode()).isEqualTo(202);
      TestingConditions.await(
          () -> api.image(other), image -> "active".equals(image.getString("status")));
      assertThat(api.image(other).getString("stores")).isEqualTo("second");
    }
    TestingServer.remove(directory);
  }

  private static JsonArray stores(TestingApi api) throws Exception {
    return new JsonObject(api.call("GET", "/v2/info/stores").body()).getJsonArray("stores");
  }
}
