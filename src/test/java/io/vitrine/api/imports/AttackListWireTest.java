package io.vitrine.api.imports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingKeystone;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Bob of one project tries against Ann of another one, and gets nothing by. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttackListWireTest {
  private static final byte[] DATA = "Ann's own".getBytes(UTF_8);

  private TestingKeystone keystone;
  private Path directory;
  private TestingServer server;
  private TestingApi ann;
  private TestingApi bob;
  private TestingApi root;

  /** A private image with data. */
  private String hidden;

  @BeforeAll
  void start() throws Exception {
    keystone = TestingKeystone.start();
    keystone.issue("ann's", "ann", "a", "member", "reader");
    keystone.issue("bob's", "bob", "b", "member", "reader");
    keystone.issue("root's", "root", "operators", "admin", "member", "reader");
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_IDENTITY__KIND", "keystone",
                "VITRINE_IDENTITY__KEYSTONE__URL", keystone.url(),
                "VITRINE_IDENTITY__KEYSTONE__PASSWORD", TestingKeystone.PASSWORD,
                "VITRINE_IMAGE__SHOW_MULTIPLE_LOCATIONS", "true",
                "VITRINE_STORES__BACKENDS__WEB__KIND", "http",
                "VITRINE_CACHE__ENABLED", "true",
                "VITRINE_IMPORT__METHODS", "glance-direct,web-download,copy-image,glance-download",
                "VITRINE_IMPORT__MAX_ATTEMPTS", "1"));
    keystone.locate("image", "North", "public", "http://127.0.0.1:" + server.port());
    ann = as("ann's");
    bob = as("bob's");
    root = as("root's");
    hidden = ann.create(image("private"));
    assertThat(ann.upload(hidden, DATA).statusCode()).isEqualTo(204);
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    keystone.close();
    TestingServer.remove(directory);
  }

  private TestingApi as(String token) {
    return new TestingApi(server.port(), "X-Auth-Token", token);
  }

  private static JsonObject image(String visibility) {
    return new JsonObject()
        .put("visibility", visibility)
        .put("disk_format", "raw")
        .put("container_format", "bare");
  }

  private static JsonArray change(String op, String key, Object value) {
    var operation = new JsonObject().put("op", op).put("path", "/" + key);
    return new JsonArray().add(op.equals("remove") ? operation : operation.put("value", value));
  }

  private static int status(HttpResponse<?> answer) {
    return answer.statusCode();
  }

  @ParameterizedTest
  @CsvSource({
    "X-Roles,admin",
    "X-Role,admin",
    "X_ROLES,admin",
    "X-User-Id,root",
    "X-User,root",
    "X-Project-Id,a",
    "X-Tenant-Id,a",
    "X-Tenant,a",
    "X-Project-Name,a",
    "X-Identity-Status,Confirmed",
    "X-Is-Admin-Project,True",
    "X-Service-Roles,'service,admin'",
    "X-Service-Identity-Status,Confirmed",
    "X-Service-Token,root's",
    "OpenStack-System-Scope,all",
    "X-Forwarded-User,root",
    "X-Remote-User,root",
    "Remote-User,root",
    "Authorization,Basic cm9vdDpyb290",
  })
  void saysWhoItIsInHeaders(String name, String value) throws Exception {
    var stranger = new TestingApi(server.port());

    var seen = bob.call("GET", "/v2/images/" + hidden, name, value);
    var published =
        bob.send(
            "POST", "/v2/images", BodyPublishers.ofString(image("public").encode()), name, value);
    var unknown = stranger.call("GET", "/v2/images/" + hidden, name, value);

    assertThat(status(seen)).isEqualTo(404);
    assertThat(status(published)).isEqualTo(403);
    assertThat(status(unknown)).isEqualTo(401);
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "filesystem:///etc/passwd",
        "swift+config://ref/container/object",
        "rbd://pool/image/snap",
        "s3://key:secret@host/bucket/object",
        "local://",
        "staging://",
        "jar:file:///etc/passwd!/",
        "gopher://127.0.0.1:5432/",
        "http://10.1.2.3:5432/",
        "http://[::ffff:10.1.2.3]:5432/",
        "http://169.254.169.254:8080/latest/",
        "http://user@127.0.0.1/",
        "//etc/passwd",
        "/etc/passwd",
      })
  void namesLocationsThatAreNoneOfItsBusiness(String url) throws Exception {
    var own = bob.create(image("private"));
    var at = new JsonObject().put("url", url).put("metadata", new JsonObject());
    var web = new JsonObject().put("name", "web-download").put("uri", url);

    var added = bob.post("/v2/images/" + own + "/locations", new JsonObject().put("url", url));
    var patched = bob.patch(own, change("add", "locations/-", at));
    var replaced = bob.patch(own, change("replace", "locations", new JsonArray().add(at)));
    var imported = bob.post("/v2/images/" + own + "/import", new JsonObject().put("method", web));

    assertThat(status(added)).isIn(400, 403);
    assertThat(status(patched)).isIn(400, 403);
    assertThat(status(replaced)).isIn(400, 403);
    assertThat(status(imported)).isEqualTo(400);
    assertThat(bob.image(own).getString("status")).isEqualTo("queued");
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id",
        "status",
        "size",
        "virtual_size",
        "checksum",
        "os_hash_algo",
        "os_hash_value",
        "created_at",
        "updated_at",
        "self",
        "file",
        "schema",
        "direct_url",
        "stores",
        "deleted",
        "deleted_at",
        "os_glance_import_task",
        "os_glance_importing_to_stores",
        "os_glance_failed_import",
        "os_glance_stage_host",
      })
  void writesWhatIsReadOnly(String key) throws Exception {
    var own = bob.create(image("private"));
    var before = bob.image(own);

    assertThat(status(bob.post("/v2/images", image("private").put(key, "active")))).isIn(400, 403);
    assertThat(status(bob.patch(own, change("replace", key, "active")))).isEqualTo(403);
    assertThat(status(bob.patch(own, change("add", key, "active")))).isEqualTo(403);
    assertThat(status(bob.patch(own, change("remove", key, "")))).isEqualTo(403);
    assertThat(bob.image(own)).isEqualTo(before);
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
  void repeatsTheRequestOfOthersByItsKey() throws Exception {
    var body = BodyPublishers.ofString(image("private").encode());
    keystone.issue("reader's", "rea", "a", "reader");

    var made = ann.send("POST", "/v2/images", body, "Idempotency-Key", "k");
    var byBob = bob.send("POST", "/v2/images", body, "Idempotency-Key", "k");
    var byReader = as("reader's").send("POST", "/v2/images", body, "Idempotency-Key", "k");

    assertThat(new JsonObject(byBob.body()).getString("owner")).isEqualTo("b");
    assertThat(new JsonObject(byBob.body()).getString("id"))
        .isNotEqualTo(new JsonObject(made.body()).getString("id"));
    assertThat(status(byReader)).isEqualTo(403);
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nContent-Length: 60\r\n",
        "Content-Length: 4, 60\r\n",
        "Content-Length: +4\r\n",
        "Content-Length: -4\r\n",
        "Content-Length: 0x4\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
      })
  void hidesARequestBehindABodyWithoutAnEnd(String lengths) throws Exception {
    var victim = ann.create(image("private"));
    var hiddenRequest =
        "DELETE /v2/images/%s HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ann's\r\n\r\n".formatted(victim);

    try (var connection = new RawConnection(server.port())) {
      connection.send(
          "POST /v2/images HTTP/1.1\r\nHost: x\r\nX-Auth-Token: bob's\r\n%s\r\n%s"
              .formatted(lengths, hiddenRequest));
      assertThat(connection.read().status()).isIn(400, 501);
      assertThat(connection.isClosedByServer()).isTrue();
    }

    assertThat(ann.image(victim).getString("status")).isEqualTo("queued");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Auth-Token: bob's\r\nX-Auth-Token: root's\r\n",
        "X-Auth-Token: bob's\r\n root's\r\n",
        "X-Auth-Token: bob's, root's\r\n",
        "X-Auth-Token : root's\r\n",
        "X-Auth-Token\t: root's\r\n",
        "X_Auth_Token: root's\r\n",
        "X-Auth-Token: bob's\0root's\r\n",
        "X-Auth-Token: bob's\rX-Auth-Token: root's\r\n",
        "X-Other: x\nX-Auth-Tokens: root's\r\nX-Auth-Token: bob's\r\n",
      })
  void hidesATokenInAnother(String headers) throws Exception {
    try (var connection = new RawConnection(server.port())) {
      connection.send("GET /v2/images/%s HTTP/1.1\r\nHost: x\r\n%s\r\n".formatted(hidden, headers));

      assertThat(connection.read().status()).isIn(400, 401, 404);
    }
  }
}
