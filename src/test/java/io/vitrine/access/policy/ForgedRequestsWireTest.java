package io.vitrine.access.policy;

import static io.vitrine.access.policy.AnnAndBob.change;
import static io.vitrine.access.policy.AnnAndBob.image;
import static io.vitrine.access.policy.AnnAndBob.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Bob pretends to be, or to be allowed, and gets nothing by. */
@ExtendWith(AnnAndBob.class)
class ForgedRequestsWireTest {
  private final AnnAndBob.Running server;
  private final TestingApi ann;
  private final TestingApi bob;
  private final String hidden;

  ForgedRequestsWireTest(AnnAndBob.Running server) {
    this.server = server;
    ann = server.as("ann's");
    bob = server.as("bob's");
    hidden = server.hidden();
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

  @Test
  void repeatsTheRequestOfOthersByItsKey() throws Exception {
    var body = BodyPublishers.ofString(image("private").encode());
    server.keystone().issue("reader's", "rea", "a", "reader");

    var made = ann.send("POST", "/v2/images", body, "Idempotency-Key", "k");
    var byBob = bob.send("POST", "/v2/images", body, "Idempotency-Key", "k");
    var byReader = server.as("reader's").send("POST", "/v2/images", body, "Idempotency-Key", "k");

    assertThat(new JsonObject(byBob.body()).getString("owner")).isEqualTo("b");
    assertThat(new JsonObject(byBob.body()).getString("id"))
        .isNotEqualTo(new JsonObject(made.body()).getString("id"));
    assertThat(status(byReader)).isEqualTo(403);
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
}
