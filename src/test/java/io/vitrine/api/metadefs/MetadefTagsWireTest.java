package io.vitrine.api.metadefs;

import static io.vitrine.api.metadefs.NamespaceClient.SPACE;
import static io.vitrine.api.metadefs.NamespaceClient.tags;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tags that a namespace defines. */
@ExtendWith(TestingMetadefs.class)
class MetadefTagsWireTest {
  private final TestingApi api;
  private final NamespaceClient space;

  MetadefTagsWireTest(TestingApi api) {
    this.api = api;
    this.space = new NamespaceClient(api);
  }

  @BeforeEach
  void createNamespace() throws Exception {
    space.create();
  }

  @Test
  void definesTagsOneByOne() throws Exception {
    var added = api.call("POST", SPACE + "/tags/old");
    var again = api.call("POST", SPACE + "/tags/old");
    var renamed = space.put(SPACE + "/tags/old", new JsonObject().put("name", "new"));

    assertThat(added.statusCode()).isEqualTo(201);
    assertThat(new JsonObject(added.body()).fieldNames())
        .containsExactly("name", "created_at", "updated_at");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(new JsonObject(renamed.body()).getString("name")).isEqualTo("new");
    assertThat(space.get(SPACE + "/tags/new").getString("name")).isEqualTo("new");
    assertThat(api.call("GET", SPACE + "/tags/old").statusCode()).isEqualTo(404);
    assertThat(api.call("DELETE", SPACE + "/tags/new").statusCode()).isEqualTo(204);
    assertThat(api.call("POST", SPACE + "/tags/" + "x".repeat(81)).statusCode()).isEqualTo(400);
  }

  @Test
  void definesTagsTogether() throws Exception {
    var path = SPACE + "/tags";

    var replaced = space.post(path, tags("a", "b"));
    var all = space.post(path, tags("c", "d"));
    var appended =
        api.send(
            "POST",
            path,
            BodyPublishers.ofString(tags("e").encode()),
            "X-Openstack-Append",
            "True");
    var taken =
        api.send(
            "POST",
            path,
            BodyPublishers.ofString(tags("f", "c").encode()),
            "X-Openstack-Append",
            "true");
    var twice = api.post(path, tags("x", "x"));
    var none = space.post(path, tags());

    assertThat(replaced).isEqualTo(tags("a", "b"));
    assertThat(all).isEqualTo(tags("c", "d"));
    assertThat(new JsonObject(appended.body())).isEqualTo(tags("e"));
    assertThat(taken.statusCode()).isEqualTo(409);
    assertThat(twice.statusCode()).isEqualTo(409);
    assertThat(none).isEqualTo(tags());
    assertThat(space.get(path + "?sort_key=name&sort_dir=asc")).isEqualTo(tags("c", "d", "e"));
  }

  @Test
  void pagesThroughTags() throws Exception {
    space.post(SPACE + "/tags", tags("a", "b", "c"));

    assertThat(space.get(SPACE + "/tags")).isEqualTo(tags("c", "b", "a"));
    assertThat(space.get(SPACE + "/tags?limit=2")).isEqualTo(tags("c", "b"));
    assertThat(space.get(SPACE + "/tags?limit=2&marker=b")).isEqualTo(tags("a"));
    assertThat(space.get(SPACE + "/tags?limit=0")).isEqualTo(tags());
    assertThat(space.get(SPACE + "/tags?sort_dir=asc&marker=b")).isEqualTo(tags("c"));
    assertThat(space.get(SPACE + "/tags?sort_key=name&marker=b")).isEqualTo(tags("a"));
  }
}
