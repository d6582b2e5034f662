package io.vitrine.api.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.ServerOfProjects;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who has changed an image, as its owner and administrators see it. */
@ExtendWith(ServerOfProjects.class)
class AuditWireTest {
  private static final byte[] DATA = "the data of an image".repeat(1000).getBytes(US_ASCII);
  private static final String USER = "user of demo";

  private final ServerOfProjects server;
  private final TestingApi owner;
  private final TestingApi admin;

  AuditWireTest(ServerOfProjects server) {
    this.server = server;
    this.owner = server.member("demo");
    this.admin = server.admin();
  }

  private static String path(String image) {
    return "/vitrine/v1/images/" + image + "/audit";
  }

  private static List<JsonObject> records(TestingApi api, String path) throws Exception {
    var answer = api.call("GET", path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body())
        .getJsonArray("records").stream().map(JsonObject.class::cast).toList();
  }

  /** The records of an image, the oldest first. */
  private List<JsonObject> trail(String image) throws Exception {
    return records(admin, path(image)).reversed();
  }

  private List<String> actions(String image) throws Exception {
    return trail(image).stream()
        .map(each -> each.getString("action") + " " + each.getString("outcome"))
        .toList();
  }

  private static String id(HttpResponse<String> answer) {
    return answer.headers().firstValue("X-Openstack-Request-Id").orElseThrow();
  }

  private static JsonArray patch(String op, String path, Object value) {
    return new JsonArray()
        .add(new JsonObject().put("op", op).put("path", path).put("value", value));
  }

  private static JsonObject last(List<JsonObject> records) {
    return records.getLast();
  }

  private static void assertBy(JsonObject record, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    assertThat(record.getString("request_id")).isEqualTo(id(answer));
    assertThat(record.getString("user_id")).isEqualTo(USER);
    assertThat(record.getString("project_id")).isEqualTo("demo");
    assertThat(record.getString("via")).isEqualTo("token");
  }

  @Test
  void namesUserAndRequestOfEachChange() throws Exception {
    var created =
        owner.post(
            "/v2/images",
            new JsonObject().put("disk_format", "raw").put("container_format", "bare"));
    var image = new JsonObject(created.body()).getString("id");
    assertBy(last(trail(image)), created);

    var changed = owner.patch(image, patch("add", "/colour", "a secret value"));
    assertBy(last(trail(image)), changed);
    assertThat(last(trail(image)).getJsonObject("details"))
        .isEqualTo(
            new JsonObject()
                .put("changed", new JsonArray())
                .put("properties", new JsonArray().add("colour")));

    var tagged = owner.call("PUT", "/v2/images/" + image + "/tags/blue");
    assertBy(last(trail(image)), tagged);

    var uploaded = owner.upload(image, DATA);
    var both = trail(image);
    assertBy(both.get(both.size() - 2), uploaded);
    assertBy(last(both), uploaded);

    var deactivated = owner.call("POST", "/v2/images/" + image + "/actions/deactivate");
    assertBy(last(trail(image)), deactivated);
    var reactivated = owner.call("POST", "/v2/images/" + image + "/actions/reactivate");
    assertBy(last(trail(image)), reactivated);

    var shared =
        owner.post("/v2/images/" + image + "/members", new JsonObject().put("member", "alt"));
    assertBy(last(trail(image)), shared);
    assertThat(last(trail(image)).getJsonObject("details").getString("member")).isEqualTo("alt");
    var decision = new JsonObject().put("status", "accepted");
    var decided =
        server
            .member("alt")
            .send(
                "PUT",
                "/v2/images/" + image + "/members/alt",
                BodyPublishers.ofString(decision.encode()));
    assertThat(last(trail(image)).getString("user_id")).isEqualTo("user of alt");
    assertThat(last(trail(image)).getString("request_id")).isEqualTo(id(decided));
    assertThat(last(trail(image)).getJsonObject("details").getString("status"))
        .isEqualTo("accepted");
    var unshared = owner.call("DELETE", "/v2/images/" + image + "/members/alt");
    assertBy(last(trail(image)), unshared);

    var deleted = owner.call("DELETE", "/v2/images/" + image);
    assertBy(last(trail(image)), deleted);

    assertThat(actions(image))
        .containsExactly(
            "create done",
            "update done",
            "update done",
            "upload begun",
            "upload done",
            "deactivate done",
            "reactivate done",
            "member_add done",
            "member_update done",
            "member_remove done",
            "delete done");
    assertThat(trail(image).toString()).doesNotContain("a secret value");
  }

  @Test
  void namesWhoSendsDataThatIsRefused() throws Exception {
    var image = owner.create();

    var refused = owner.upload(image, DATA, "X-OpenStack-Image-Digest", "sha256:" + "0".repeat(64));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(actions(image)).containsExactly("create done", "upload begun", "upload failed");
    assertThat(last(trail(image)).getString("user_id")).isEqualTo(USER);
    assertThat(last(trail(image)).getString("request_id")).isEqualTo(id(refused));
  }

  @Test
  void recordsNothingOfWhatIsRefused() throws Exception {
    var image = owner.create();
    owner.patch(image, patch("replace", "/protected", true));
    int before = trail(image).size();

    assertThat(owner.call("DELETE", "/v2/images/" + image).statusCode()).isEqualTo(403);
    assertThat(server.member("alt").patch(image, patch("add", "/a", "b")).statusCode())
        .isEqualTo(404);

    assertThat(trail(image)).hasSize(before);
  }

  @Test
  void namesTheTicketThatAllowedAnUpload() throws Exception {
    var image = owner.create();
    var path = "/vitrine/v1/images/" + image + "/tickets";
    var made = owner.post(path, new JsonObject().put("method", "upload"));
    assertBy(last(trail(image)), made);
    var ticket = new JsonObject(made.body());
    var use = ticket.getString("url").replaceFirst("^https?://[^/]+", "");

    var sent =
        server
            .stranger()
            .send(
                "PUT",
                use,
                BodyPublishers.ofByteArray(DATA),
                "Content-Type",
                "application/octet-stream");

    assertThat(sent.statusCode()).as(sent.body()).isEqualTo(204);
    var record = last(trail(image));
    assertThat(record.getString("via")).isEqualTo("ticket");
    assertThat(record.getString("ticket_id")).isEqualTo(ticket.getString("id"));
    assertThat(record.getString("user_id")).isEqualTo(USER);
    assertThat(record.getString("request_id")).isEqualTo(id(sent));
    assertThat(trail(image).toString()).doesNotContain("vtk_");
  }

  @Test
  void recordsTheUseAndTheEndOfTickets() throws Exception {
    var image = owner.create(DATA);
    var path = "/vitrine/v1/images/" + image + "/tickets";
    var order = new JsonObject().put("method", "download").put("single_use", true);
    var used = new JsonObject(owner.post(path, order).body());
    var use = used.getString("url").replaceFirst("^https?://[^/]+", "");
    assertThat(server.stranger().call("GET", use).statusCode()).isEqualTo(200);
    assertThat(last(trail(image)).getString("action")).isEqualTo("ticket_use");
    assertThat(last(trail(image)).getString("via")).isEqualTo("ticket");
    assertThat(server.stranger().call("GET", use).statusCode()).isEqualTo(410);
    var unused = new JsonObject(owner.post(path, order).body());

    var revoked = owner.call("DELETE", path + "/" + unused.getString("id"));

    assertBy(last(trail(image)), revoked);
    assertThat(actions(image).subList(3, 7))
        .containsExactly(
            "ticket_create done", "ticket_use done", "ticket_create done", "ticket_revoke done");
    assertThat(owner.call("DELETE", path + "/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
    assertThat(trail(image)).hasSize(7);
  }

  @Test
  void comesInPages() throws Exception {
    var image = owner.create();
    for (int i = 0; i < 4; i++) {
      owner.patch(image, patch("replace", "/name", "name " + i));
    }
    var numbers = new ArrayList<Long>();
    String next = path(image) + "?limit=2";
    int pages = 0;

    while (next != null) {
      var answer = owner.call("GET", next);
      var page = new JsonObject(answer.body());
      page.getJsonArray("records")
          .forEach(record -> numbers.add(((JsonObject) record).getLong("id")));
      next = page.getString("next");
      pages++;
    }

    assertThat(pages).isEqualTo(3);
    assertThat(numbers).hasSize(5).isSortedAccordingTo((a, b) -> Long.compare(b, a));
  }

  @Test
  void isForTheOwnerAndAdministrators() throws Exception {
    var image = owner.create();
    owner.post("/v2/images/" + image + "/members", new JsonObject().put("member", "alt"));

    assertThat(records(owner, path(image))).hasSize(2);
    assertThat(records(admin, path(image))).hasSize(2);
    assertThat(server.member("alt").call("GET", path(image)).statusCode()).isEqualTo(403);
    assertThat(server.as("demo", "reader").call("GET", path(image)).statusCode()).isEqualTo(403);
    assertThat(server.member("other").call("GET", path(image)).statusCode()).isEqualTo(404);
    assertThat(owner.call("GET", path(UUID.randomUUID().toString())).statusCode()).isEqualTo(404);
    assertThat(owner.call("GET", path("x")).statusCode()).isEqualTo(404);
  }

  @Test
  void outlivesTheImageForAdministrators() throws Exception {
    var image = owner.create();
    owner.call("DELETE", "/v2/images/" + image);

    assertThat(actions(image)).containsExactly("create done", "delete done");
    assertThat(owner.call("GET", path(image)).statusCode()).isEqualTo(404);
    assertThat(admin.call("GET", path(UUID.randomUUID().toString())).statusCode()).isEqualTo(404);
  }

  @Test
  void hidesTheNamesOfPropertiesThatTheCallerMayNotRead() throws Exception {
    var image = owner.create();
    admin.patch(image, patch("add", "/secret_place", "x"));

    assertThat(last(trail(image)).toString()).contains("secret_place");
    assertThat(records(owner, path(image)).getFirst().getJsonObject("details"))
        .isEqualTo(
            new JsonObject().put("changed", new JsonArray()).put("properties", new JsonArray()));
  }

  @Test
  void isFilteredForAdministrators() throws Exception {
    var project = "p" + UUID.randomUUID();
    var mine = server.member(project);
    var image = mine.create();
    mine.patch(image, patch("replace", "/name", "other"));
    var path = "/vitrine/v1/audit?limit=10&project=" + project;

    assertThat(records(admin, path)).hasSize(2);
    assertThat(records(admin, path + "&action=update")).hasSize(1);
    assertThat(records(admin, path + "&user=user%20of%20" + project)).hasSize(2);
    assertThat(records(admin, path + "&user=nobody")).isEmpty();
    assertThat(records(admin, path + "&from=2000-01-01T00:00:00Z")).hasSize(2);
    assertThat(records(admin, path + "&to=2000-01-01T00:00:00Z")).isEmpty();
    assertThat(mine.call("GET", path).statusCode()).isEqualTo(403);
  }

  @Test
  void refusesParametersThatMeanNothing() throws Exception {
    for (var query : List.of("action=dance", "from=yesterday", "to=x", "marker=x", "limit=-1")) {
      assertThat(admin.call("GET", "/vitrine/v1/audit?" + query).statusCode())
          .as(query)
          .isEqualTo(400);
    }
  }
}
