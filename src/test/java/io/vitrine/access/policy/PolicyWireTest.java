package io.vitrine.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.ServerOfProjects;
import io.vitrine.testing.TestingConditions;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Glance's rules about images as clients meet them. What the policy refuses is forbidden to those
 * who may get the image, and not there for others.
 */
@ExtendWith(ServerOfProjects.class)
class PolicyWireTest {
  private static final List<String> VISIBILITIES =
      List.of("private", "shared", "community", "public");

  private final String owner = "owner-" + UUID.randomUUID();
  private final ServerOfProjects server;
  private final TestingApi admin;
  private final TestingApi byOwner;

  PolicyWireTest(ServerOfProjects server) {
    this.server = server;
    admin = server.admin();
    byOwner = server.member(owner);
  }

  /** Y: done; F: forbidden; N: not found. Of what others own, they see what is open to all. */
  @ParameterizedTest
  @CsvSource({
    // caller, show download modify upload communitize publicize delete: own; open; closed
    "'admin',         YYYYYYY, YYYYYYY, YYYYYYY",
    "'member,reader', YYYYYFY, YYFFFFF, NNNNNNN",
    "'reader',        YFFFFFF, YFFFFFF, NNNNNNN",
    "'member',        NYYYYNY, NYNNNNN, NNNNNNN",
    "'service',       NNNNNNN, NNNNNNN, NNNNNNN",
    "'',              NNNNNNN, NNNNNNN, NNNNNNN",
  })
  void decidesByRoleRelationAndVisibility(String roles, String own, String open, String closed)
      throws Exception {
    var all = new SoftAssertions();
    for (var visibility : VISIBILITIES) {
      boolean isOpen = visibility.equals("community") || visibility.equals("public");
      all.assertThat(outcomes(server.as(owner, roles), visibility))
          .as("%s of the owner, %s", roles, visibility)
          .isEqualTo(own);
      all.assertThat(outcomes(server.as("another", roles), visibility))
          .as("%s of another project, %s", roles, visibility)
          .isEqualTo(isOpen ? open : closed);
    }
    all.assertAll();
  }

  private String outcomes(TestingApi caller, String visibility) throws Exception {
    var id =
        admin.create(
            new JsonObject()
                .put("disk_format", "raw")
                .put("container_format", "bare")
                .put("owner", owner)
                .put("visibility", visibility));
    return outcome(caller.call("GET", "/v2/images/" + id))
        + outcome(caller.call("GET", "/v2/images/" + id + "/file"))
        + outcome(caller.patch(id, replace("name", "renamed")))
        + outcome(caller.upload(id, new byte[] {1}))
        + outcome(caller.patch(id, replace("visibility", "community")))
        + outcome(caller.patch(id, replace("visibility", "public")))
        + outcome(caller.call("DELETE", "/v2/images/" + id));
  }

  private static String outcome(HttpResponse<?> answer) {
    return switch (answer.statusCode()) {
      case 200, 204 -> "Y";
      case 403 -> "F";
      case 404 -> "N";
      default -> "?" + answer.statusCode();
    };
  }

  @ParameterizedTest
  @CsvSource({
    "'admin',         200, 201, 201, 201, 201",
    "'member,reader', 200, 201, 201, 403, 403",
    "'reader',        200, 403, 403, 403, 403",
    "'service',       403, 403, 403, 403, 403",
    "'',              403, 403, 403, 403, 403",
  })
  void decidesByRoleWhoListsAndAdds(
      String roles, int list, int add, int community, int publicly, int forOthers)
      throws Exception {
    var caller = server.as(owner, roles);

    var answers =
        List.of(
            caller.call("GET", "/v2/images"),
            caller.post("/v2/images", new JsonObject()),
            caller.post("/v2/images", new JsonObject().put("visibility", "community")),
            caller.post("/v2/images", new JsonObject().put("visibility", "public")),
            caller.post("/v2/images", new JsonObject().put("owner", "another")));

    assertThat(answers)
        .extracting(HttpResponse::statusCode)
        .containsExactly(list, add, community, publicly, forOthers);
  }

  @Test
  void keepsAProtectedPropertyFromThoseWhoMayNotReadIt() throws Exception {
    var name = "n" + UUID.randomUUID();
    var id =
        admin.create(
            new JsonObject()
                .put("owner", owner)
                .put("name", name)
                .put("secret_code", "4711")
                .put("plain", "x"));

    var shown = byOwner.image(id);
    var listed = new JsonObject(byOwner.call("GET", "/v2/images?name=" + name).body());
    var found = new JsonObject(byOwner.call("GET", "/v2/images?secret_code=4711").body());

    assertThat(shown.getMap()).containsEntry("plain", "x").doesNotContainKey("secret_code");
    assertThat(listed.getJsonArray("images").getJsonObject(0).getMap())
        .containsEntry("plain", "x")
        .doesNotContainKey("secret_code");
    assertThat(found.getJsonArray("images")).isEmpty();
    assertThat(admin.image(id).getString("secret_code")).isEqualTo("4711");
  }

  @Test
  void leavesAPropertyThatMayNotBeReadAsItIs() throws Exception {
    var id = admin.create(new JsonObject().put("owner", owner).put("secret_code", "4711"));

    assertThat(byOwner.patch(id, replace("name", "x")).statusCode()).isEqualTo(200);
    assertThat(byOwner.patch(id, remove("secret_code")).statusCode()).isEqualTo(409);
    assertThat(byOwner.patch(id, replace("secret_code", "1")).statusCode()).isEqualTo(403);
    assertThat(byOwner.patch(id, add("secret_code", "1")).statusCode()).isEqualTo(403);

    assertThat(admin.image(id).getString("secret_code")).isEqualTo("4711");
  }

  @Test
  void letsNobodyPublishBesideAChangeOfLocations() throws Exception {
    var id = byOwner.create(new JsonObject().put("name", "own"));
    var publish =
        new JsonObject().put("op", "replace").put("path", "/visibility").put("value", "public");
    var locate =
        new JsonObject()
            .put("op", "add")
            .put("path", "/locations/-")
            .put(
                "value",
                new JsonObject()
                    .put("url", "file:///etc/passwd")
                    .put("metadata", new JsonObject()));

    var answer = byOwner.patch(id, new JsonArray().add(publish).add(locate));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("publicize_image");
    assertThat(byOwner.image(id).getString("visibility")).isEqualTo("shared");
  }

  @Test
  void tellsWhoeverSeesAnImageWhereItsDataLiesUntilItIsDeactivated() throws Exception {
    var id =
        admin.create(
            new JsonObject()
                .put("disk_format", "raw")
                .put("container_format", "bare")
                .put("owner", owner)
                .put("visibility", "public"));
    assertThat(byOwner.upload(id, new byte[] {1}).statusCode()).isEqualTo(204);
    var other = server.member("another");
    var locations = admin.image(id).getJsonArray("locations");
    assertThat(locations).hasSize(1);
    assertThat(other.image(id).getJsonArray("locations")).isEqualTo(locations);

    byOwner.call("POST", "/v2/images/" + id + "/actions/deactivate");

    for (var caller : List.of(byOwner, other)) {
      assertThat(caller.image(id).getJsonArray("locations")).isEmpty();
      assertThat(caller.image(id).getString("stores")).isNull();
    }
    assertThat(admin.image(id).getJsonArray("locations")).isEqualTo(locations);
    assertThat(admin.image(id).getString("stores")).isNotNull();
  }

  @Test
  void letsAnybodyChangeNothing() throws Exception {
    var id = admin.create(new JsonObject().put("visibility", "public"));
    var before = admin.image(id);

    var answer = byOwner.patch(id, new JsonArray());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(admin.image(id)).isEqualTo(before);
  }

  @Test
  void forbidsToChangeWhatIsProtected() throws Exception {
    var id = byOwner.create(new JsonObject().put("sealed_by", "ann"));

    assertThat(byOwner.patch(id, replace("sealed_by", "bob")).statusCode()).isEqualTo(403);
    assertThat(byOwner.patch(id, remove("sealed_by")).statusCode()).isEqualTo(403);
    assertThat(admin.patch(id, remove("sealed_by")).statusCode()).isEqualTo(403);
    assertThat(admin.patch(id, replace("sealed_by", "bob")).statusCode()).isEqualTo(200);
    assertThat(byOwner.post("/v2/images", new JsonObject().put("secret_x", "1")).statusCode())
        .isEqualTo(403);
  }

  @Test
  void writesWhoChangedWhat() throws Exception {
    var request = "req-" + UUID.randomUUID();

    var answer = byOwner.call("POST", "/v2/images?token=sesame", "X-Openstack-Request-Id", request);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(audited(request).getMap())
        .containsEntry("user", "user of " + owner)
        .containsEntry("project", owner)
        .containsEntry("roles", "member,reader")
        .containsEntry("action", "POST /v2/images")
        .containsEntry("address", "127.0.0.1")
        .containsEntry("outcome", "failed")
        .containsEntry("status", 400)
        .doesNotContainKey("rule");
    assertThat(audited(request).encode()).doesNotContain("sesame");
  }

  @Test
  void writesWhatWasChanged() throws Exception {
    var id = byOwner.create();
    var request = "req-" + UUID.randomUUID();

    byOwner.call("DELETE", "/v2/images/" + id, "X-Openstack-Request-Id", request);

    assertThat(audited(request).getMap())
        .containsEntry("action", "DELETE /v2/images/:image")
        .containsEntry("image", id)
        .containsEntry("outcome", "allowed")
        .containsEntry("status", 204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reader", "service"})
  void writesWhichRuleRefused(String role) throws Exception {
    var id = byOwner.create();
    var request = "req-" + UUID.randomUUID();

    var answer =
        server
            .as(owner, role)
            .call("GET", "/v2/images/" + id + "/file", "X-Openstack-Request-Id", request);

    assertThat(answer.statusCode()).isEqualTo(role.equals("reader") ? 403 : 404);
    assertThat(audited(request).getMap())
        .containsEntry("action", "GET /v2/images/:image/file")
        .containsEntry("image", id)
        .containsEntry("rule", "download_image")
        .containsEntry("outcome", "denied")
        .containsEntry("status", answer.statusCode());
  }

  @Test
  void writesTheImageThatWasMadeAndNothingAboutReading() throws Exception {
    var reading = "req-" + UUID.randomUUID();
    var making = "req-" + UUID.randomUUID();

    byOwner.call("GET", "/v2/images", "X-Openstack-Request-Id", reading);
    var made =
        byOwner.send(
            "POST", "/v2/images", BodyPublishers.ofString("{}"), "X-Openstack-Request-Id", making);

    assertThat(audited(making).getString("image"))
        .isEqualTo(new JsonObject(made.body()).getString("id"));
    assertThat(Files.readString(Path.of("target/audit.log"))).doesNotContain(reading);
  }

  /** The line of the log about a request; it is written after the client has its answer. */
  private static JsonObject audited(String request) {
    return TestingConditions.await(
            () ->
                Files.readAllLines(Path.of("target/audit.log")).stream()
                    .filter(line -> line.contains(request))
                    .map(JsonObject::new)
                    .toList(),
            lines -> !lines.isEmpty())
        .getFirst();
  }

  private static JsonArray replace(String key, String value) {
    return change(new JsonObject().put("op", "replace").put("value", value), key);
  }

  private static JsonArray add(String key, String value) {
    return change(new JsonObject().put("op", "add").put("value", value), key);
  }

  private static JsonArray remove(String key) {
    return change(new JsonObject().put("op", "remove"), key);
  }

  private static JsonArray change(JsonObject operation, String key) {
    return new JsonArray().add(operation.put("path", "/" + key));
  }
}
