package io.vitrine.access.policy;

import static io.vitrine.access.policy.AnnAndBob.DATA;
import static io.vitrine.access.policy.AnnAndBob.change;
import static io.vitrine.access.policy.AnnAndBob.image;
import static io.vitrine.access.policy.AnnAndBob.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.testing.TestingConditions;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Bob of one project tries against what Ann of another one owns, and gets nothing by. */
@ExtendWith(AnnAndBob.class)
class ForeignResourcesWireTest {
  private final TestingApi ann;
  private final TestingApi bob;
  private final TestingApi root;
  private final String hidden;

  ForeignResourcesWireTest(AnnAndBob.Running server) {
    ann = server.as("ann's");
    bob = server.as("bob's");
    root = server.as("root's");
    hidden = server.hidden();
  }

  @Test
  void givesItsImagesToOthersOrTakesTheirs() throws Exception {
    var own = bob.create(image("private"));

    assertThat(status(bob.post("/v2/images", image("private").put("owner", "a")))).isEqualTo(403);
    assertThat(status(bob.post("/v2/images", image("private").putNull("owner")))).isEqualTo(403);
    assertThat(status(bob.patch(own, change("replace", "owner", "a")))).isEqualTo(403);
    assertThat(status(bob.patch(own, change("add", "owner", "a")))).isEqualTo(403);
    assertThat(status(bob.patch(own, change("remove", "owner", "a")))).isEqualTo(403);
    assertThat(status(bob.patch(hidden, change("replace", "owner", "b")))).isEqualTo(404);
    assertThat(bob.image(own).getString("owner")).isEqualTo("b");
  }

  @Test
  void promotesItselfAsAMember() throws Exception {
    var shared = ann.create(image("shared"));
    var members = "/v2/images/" + shared + "/members";
    var invite = new JsonObject().put("member", "b");
    var accept = BodyPublishers.ofString("{\"status\": \"accepted\"}");

    assertThat(status(bob.post(members, invite))).isEqualTo(404);
    assertThat(status(bob.send("PUT", members + "/b", accept))).isEqualTo(404);
    assertThat(status(ann.post(members, invite))).isEqualTo(200);
    assertThat(status(ann.post(members, new JsonObject().put("member", "c")))).isEqualTo(200);

    assertThat(status(ann.send("PUT", members + "/b", accept))).isEqualTo(403);
    assertThat(status(bob.post(members, new JsonObject().put("member", "d")))).isEqualTo(403);
    assertThat(status(bob.send("PUT", members + "/c", accept))).isIn(403, 404);
    assertThat(status(bob.call("GET", members + "/c"))).isEqualTo(404);
    assertThat(status(bob.call("DELETE", members + "/c"))).isIn(403, 404);
    assertThat(status(bob.call("DELETE", members + "/b"))).isEqualTo(403);
    assertThat(status(bob.patch(shared, change("replace", "visibility", "community"))))
        .isEqualTo(403);
    assertThat(status(bob.patch(shared, change("replace", "name", "mine")))).isEqualTo(403);
    assertThat(status(bob.call("DELETE", "/v2/images/" + shared))).isEqualTo(403);
    assertThat(bob.call("GET", members).body()).doesNotContain("\"c\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | | ",
        "PATCH | | [{\"op\": \"replace\", \"path\": \"/name\", \"value\": \"mine\"}]",
        "DELETE | | ",
        "GET | /file | ",
        "HEAD | /file | ",
        "PUT | /file | data",
        "PUT | /stage | data",
        "POST | /import | {\"method\": {\"name\": \"copy-image\"}, \"stores\": [\"archive\"]}",
        "POST | /import | {\"method\": {\"name\": \"glance-direct\"}}",
        "POST | /actions/deactivate | ",
        "POST | /actions/reactivate | ",
        "GET | /tasks | ",
        "PUT | /tags/mine | ",
        "DELETE | /tags/mine | ",
        "GET | /members | ",
        "POST | /members | {\"member\": \"b\"}",
        "GET | /members/b | ",
        "PUT | /members/b | {\"status\": \"accepted\"}",
        "DELETE | /members/b | ",
        "GET | /locations | ",
        "POST | /locations | {\"url\": \"http://127.0.0.1/\"}",
      })
  void guessesIds(String method, String path, String body) throws Exception {
    var unknown = UUID.randomUUID().toString();
    var base = "/v2/images/%s" + (path == null ? "" : path);

    var ofHidden = send(method, base.formatted(hidden), body);
    var ofUnknown = send(method, base.formatted(unknown), body);

    assertThat(status(ofHidden)).isEqualTo(404);
    assertThat(status(ofUnknown)).isEqualTo(404);
    assertThat(ofHidden.body().replace(hidden, unknown)).isEqualTo(ofUnknown.body());
    assertThat(ofHidden.headers().map().keySet()).isEqualTo(ofUnknown.headers().map().keySet());
  }

  @ParameterizedTest
  @CsvSource({"PUT,/v2/cache/%s", "DELETE,/v2/cache/%s", "DELETE,/v2/stores/local/%s"})
  void guessesIdsElsewhere(String method, String path) throws Exception {
    var unknown = UUID.randomUUID().toString();

    var ofHidden = bob.call(method, path.formatted(hidden));
    var ofUnknown = bob.call(method, path.formatted(unknown));

    assertThat(status(ofHidden)).isEqualTo(status(ofUnknown)).isIn(403, 404);
    assertThat(ofHidden.body().replace(hidden, unknown)).isEqualTo(ofUnknown.body());
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    if (body == null) {
      return bob.call(method, path);
    }
    var type =
        body.equals("data")
            ? "application/octet-stream"
            : method.equals("PATCH") ? TestingApi.PATCH_TYPE : "application/json";
    return bob.send(method, path, BodyPublishers.ofString(body), "Content-Type", type);
  }

  @Test
  void pagesFromAnImageThatItDoesNotSee() throws Exception {
    var unknown = UUID.randomUUID().toString();

    var fromHidden = bob.call("GET", "/v2/images?marker=" + hidden);
    var fromUnknown = bob.call("GET", "/v2/images?marker=" + unknown);

    assertThat(status(fromHidden)).isEqualTo(400);
    assertThat(fromHidden.body().replace(hidden, unknown)).isEqualTo(fromUnknown.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "owner", "name", "os_hash_value", "checksum", "status"})
  void findsByWhatItKnows(String key) throws Exception {
    var known = ann.image(hidden);

    var found = bob.call("GET", "/v2/images?%s=%s".formatted(key, known.getString(key)));

    assertThat(new JsonObject(found.body()).getJsonArray("images")).isEmpty();
  }

  @Test
  void namesTheDataOfOthersAsItsOwn() throws Exception {
    var own = bob.create(image("private"));
    var url = root.image(hidden).getJsonArray("locations").getJsonObject(0).getString("url");
    var at = new JsonObject().put("url", url).put("metadata", new JsonObject());

    var added = bob.post("/v2/images/" + own + "/locations", new JsonObject().put("url", url));
    var patched = bob.patch(own, change("add", "locations/-", at));
    var byRoot = root.patch(own, change("add", "locations/-", at));

    assertThat(status(added)).isEqualTo(403);
    assertThat(status(patched)).isEqualTo(400);
    assertThat(status(byRoot)).isEqualTo(400);
    assertThat(bob.image(own).getString("status")).isEqualTo("queued");
    assertThat(ann.download(hidden).body()).isEqualTo(DATA);
  }

  @Test
  void takesTheIdOfAnImageThatIsGone() throws Exception {
    var gone = ann.create(image("private"));
    assertThat(status(ann.call("DELETE", "/v2/images/" + gone))).isEqualTo(204);

    assertThat(status(bob.post("/v2/images", image("private").put("id", gone)))).isEqualTo(409);
    assertThat(status(ann.post("/v2/images", image("private").put("id", gone)))).isEqualTo(409);
    assertThat(status(bob.post("/v2/images", image("private").put("id", hidden)))).isEqualTo(409);
  }

  @Test
  void importsTheDataOfOthersFromAnotherRegion() throws Exception {
    var own = bob.create(image("private"));
    var method =
        new JsonObject()
            .put("name", "glance-download")
            .put("glance_region", "North")
            .put("glance_image_id", hidden);

    var answer = bob.post("/v2/images/" + own + "/import", new JsonObject().put("method", method));

    assertThat(status(answer)).isEqualTo(202);
    var task =
        TestingConditions.await(
            () -> bob.task(own), it -> it.getString("status").equals("failure"));
    assertThat(task.getString("message")).contains("404");
    assertThat(bob.image(own).getString("status")).isEqualTo("queued");
  }

  @Test
  void readsTheCacheInsteadOfTheImage() throws Exception {
    assertThat(status(root.call("PUT", "/v2/cache/" + hidden))).isEqualTo(202);
    TestingConditions.await(
        () -> new JsonObject(root.call("GET", "/v2/cache").body()),
        cache -> cache.getJsonArray("cached_images").encode().contains(hidden));

    assertThat(bob.download(hidden).statusCode()).isEqualTo(404);
    assertThat(status(bob.call("GET", "/v2/cache"))).isEqualTo(403);
    assertThat(status(bob.call("GET", "/v2/cache/nodes/" + hidden))).isEqualTo(403);
    assertThat(status(bob.call("DELETE", "/v2/cache"))).isEqualTo(403);
    assertThat(status(bob.call("POST", "/v2/cache/prune"))).isEqualTo(403);
    assertThat(ann.download(hidden).body()).isEqualTo(DATA);
  }

  @Test
  void readsTheTasksOfOthers() throws Exception {
    var open = root.create(image("public"));
    var method = new JsonObject().put("name", "web-download").put("uri", "http://127.0.0.1/x");
    assertThat(
            status(
                root.post(
                    "/v2/images/" + open + "/import", new JsonObject().put("method", method))))
        .isEqualTo(202);
    var task = root.task(open).getString("id");

    assertThat(
            new JsonObject(bob.call("GET", "/v2/images/" + open + "/tasks").body())
                .getJsonArray("tasks"))
        .isEmpty();
    assertThat(status(bob.call("GET", "/v2/tasks"))).isEqualTo(403);
    assertThat(status(bob.call("GET", "/v2/tasks/" + task))).isEqualTo(403);
  }

  @Test
  void readsTheDefinitionsOfOthers() throws Exception {
    var all = "/v2/metadefs/namespaces";
    var namespace = new JsonObject().put("namespace", "ann-s").put("owner", "a");
    namespace.put("objects", new JsonArray().add(new JsonObject().put("name", "o")));
    assertThat(status(root.post(all, namespace))).isEqualTo(201);
    assertThat(status(ann.call("GET", all + "/ann-s"))).isEqualTo(200);

    for (var path : new String[] {"", "/objects", "/objects/o", "/properties", "/tags"}) {
      var known = bob.call("GET", all + "/ann-s" + path);
      var unknown = bob.call("GET", all + "/bob-s" + path);
      assertThat(status(known)).isEqualTo(404);
      assertThat(known.body().replace("ann-s", "bob-s")).isEqualTo(unknown.body());
    }
    assertThat(status(bob.call("DELETE", all + "/ann-s"))).isEqualTo(404);
    assertThat(status(bob.post(all + "/ann-s/objects", new JsonObject().put("name", "x"))))
        .isEqualTo(404);
    assertThat(bob.call("GET", all + "?visibility=private").body()).doesNotContain("ann-s");
    assertThat(status(bob.post(all, new JsonObject().put("namespace", "x").put("owner", "a"))))
        .isEqualTo(403);
  }
}
