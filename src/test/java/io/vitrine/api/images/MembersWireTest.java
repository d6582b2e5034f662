package io.vitrine.api.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.ServerOfProjects;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ServerOfProjects.class)
class MembersWireTest {
  private final String owner = "owner-" + UUID.randomUUID();
  private final String guest = "guest-" + UUID.randomUUID();
  private final ServerOfProjects server;
  private final TestingApi byOwner;
  private final TestingApi byGuest;
  private final TestingApi byOther;
  private final TestingApi byAdmin;

  MembersWireTest(ServerOfProjects server) {
    this.server = server;
    byOwner = server.member(owner);
    byGuest = server.member(guest);
    byOther = server.member("other");
    byAdmin = server.admin();
  }

  private static String members(String image) {
    return "/v2/images/" + image + "/members";
  }

  private String shared() throws Exception {
    var image = byOwner.create();
    assertThat(add(byOwner, image, guest)).isEqualTo(200);
    return image;
  }

  private static int add(TestingApi api, String image, String project) throws Exception {
    return api.post(members(image), new JsonObject().put("member", project)).statusCode();
  }

  @Test
  void refusesIdsThatAreTooLong() throws Exception {
    var image = byOwner.create();

    assertThat(add(byOwner, image, "m".repeat(255))).isEqualTo(200);
    assertThat(add(byOwner, image, "m".repeat(256))).isEqualTo(400);
  }

  private int say(TestingApi api, String image, String status) throws Exception {
    return api.send(
            "PUT",
            members(image) + "/" + guest,
            BodyPublishers.ofString(new JsonObject().put("status", status).encode()))
        .statusCode();
  }

  private List<String> listed(TestingApi api, String query) throws Exception {
    return new JsonObject(api.call("GET", "/v2/images?" + query).body())
        .getJsonArray("images").stream()
            .map(image -> ((JsonObject) image).getString("id"))
            .toList();
  }

  @Test
  void saysThatAProjectIsNoMemberBeforeWhoMayChangeMembers() throws Exception {
    var reader = server.as(owner, "reader");
    var image = shared();

    assertThat(say(reader, image, "accepted")).isEqualTo(403);
    assertThat(reader.call("DELETE", members(image) + "/" + guest).statusCode()).isEqualTo(403);
    assertThat(listed(byGuest, "member_status=pending")).contains(image);

    assertThat(byOwner.call("DELETE", members(image) + "/" + guest).statusCode()).isEqualTo(204);
    assertThat(say(reader, image, "accepted")).isEqualTo(404);
    assertThat(reader.call("DELETE", members(image) + "/" + guest).statusCode()).isEqualTo(404);
  }

  @Test
  void addsAMemberWhoHasYetToAccept() throws Exception {
    var image = byOwner.create();

    var answer = byOwner.post(members(image), new JsonObject().put("member", guest));

    var member = new JsonObject(answer.body());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(member.getString("created_at")).endsWith("Z").isEqualTo(member.remove("updated_at"));
    member.remove("created_at");
    assertThat(member)
        .isEqualTo(
            new JsonObject()
                .put("member_id", guest)
                .put("image_id", image)
                .put("status", "pending")
                .put("schema", "/v2/schemas/member"));
  }

  @Test
  void showsTheImageToMembersWhateverTheySay() throws Exception {
    var image = shared();

    assertThat(byOther.call("GET", "/v2/images/" + image).statusCode()).isEqualTo(404);
    for (var status : List.of("pending", "accepted", "rejected")) {
      assertThat(say(byGuest, image, status)).isEqualTo(200);
      assertThat(byGuest.image(image).getString("owner")).isEqualTo(owner);
    }
    assertThat(byOwner.call("DELETE", members(image) + "/" + guest).statusCode()).isEqualTo(204);
    assertThat(byGuest.call("GET", "/v2/images/" + image).statusCode()).isEqualTo(404);
  }

  @Test
  void listsTheImageByWhatTheMemberSays() throws Exception {
    var image = shared();
    var rejected = shared();
    say(byGuest, rejected, "rejected");

    assertThat(listed(byGuest, "owner=" + owner)).isEmpty();
    assertThat(listed(byGuest, "visibility=shared&member_status=pending")).containsExactly(image);
    assertThat(listed(byGuest, "visibility=shared&member_status=rejected"))
        .containsExactly(rejected);
    assertThat(listed(byGuest, "visibility=shared&member_status=all"))
        .containsExactly(rejected, image);
    say(byGuest, image, "accepted");
    assertThat(listed(byGuest, "owner=" + owner)).containsExactly(image);
    assertThat(listed(byGuest, "visibility=shared&owner=" + owner)).containsExactly(image);
    assertThat(listed(byGuest, "visibility=private")).isEmpty();
    assertThat(listed(byOwner, "visibility=shared&member_status=pending"))
        .containsExactly(rejected, image);
  }

  @Test
  void leadsThroughPagesOfSharedAndOwnImages() throws Exception {
    var first = shared();
    var own = byGuest.create();
    var last = shared();
    say(byGuest, first, "accepted");
    say(byGuest, last, "accepted");

    assertThat(listed(byGuest, "limit=1&owner=" + owner)).containsExactly(last);
    assertThat(listed(byGuest, "visibility=shared&limit=2&marker=" + last))
        .containsExactly(own, first);
  }

  @Test
  void letsEachMemberSeeOnlyItself() throws Exception {
    var image = shared();
    add(byOwner, image, "other");

    assertThat(projects(byOwner, image)).containsExactlyInAnyOrder(guest, "other");
    assertThat(projects(byAdmin, image)).containsExactlyInAnyOrder(guest, "other");
    assertThat(projects(byGuest, image)).containsExactly(guest);
    assertThat(byGuest.call("GET", members(image) + "/" + guest).statusCode()).isEqualTo(200);
    assertThat(byGuest.call("GET", members(image) + "/other").statusCode()).isEqualTo(404);
    assertThat(byOwner.call("GET", members(image) + "/other").statusCode()).isEqualTo(200);
    assertThat(byOwner.call("GET", members(image) + "/nobody").statusCode()).isEqualTo(404);
  }

  private static List<String> projects(TestingApi api, String image) throws Exception {
    var body = new JsonObject(api.call("GET", members(image)).body());
    assertThat(body.getString("schema")).isEqualTo("/v2/schemas/members");
    return body.getJsonArray("members").stream()
        .map(member -> ((JsonObject) member).getString("member_id"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"member\": \"\"}",
        "{\"member\": 1}",
        "{\"member\": null}",
        "{\"member\": \"a\\u0000\"}"
      })
  void refusesMembersThatAreNot(String body) throws Exception {
    var answer = byOwner.send("POST", members(byOwner.create()), BodyPublishers.ofString(body));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"status\": \"maybe\"}", "{\"status\": 1}", "[\"accepted\"]"})
  void refusesStatusesThatAreNot(String body) throws Exception {
    var member = members(shared()) + "/" + guest;

    assertThat(byGuest.send("PUT", member, BodyPublishers.ofString(body)).statusCode())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({"private", "public", "community"})
  void givesMembersToSharedImagesOnly(String visibility) throws Exception {
    var image = byAdmin.create(new JsonObject().put("visibility", visibility));

    assertThat(add(byAdmin, image, guest)).isEqualTo(403);
    assertThat(byAdmin.call("GET", members(image)).statusCode()).isEqualTo(403);
    assertThat(byAdmin.call("GET", members(image) + "/" + guest).statusCode()).isEqualTo(404);
    assertThat(say(byAdmin, image, "accepted")).isEqualTo(403);
    assertThat(byAdmin.call("DELETE", members(image) + "/" + guest).statusCode()).isEqualTo(403);
  }

  @Test
  void letsOnlyTheOwnerShareAndOnlyTheMemberAnswer() throws Exception {
    var image = shared();
    var member = members(image) + "/" + guest;

    assertThat(add(byOwner, image, guest)).isEqualTo(409);
    assertThat(add(byGuest, image, "third")).isEqualTo(403);
    assertThat(add(byOther, image, "third")).isEqualTo(404);
    assertThat(say(byOwner, image, "accepted")).isEqualTo(403);
    assertThat(say(byOther, image, "accepted")).isEqualTo(404);
    assertThat(byGuest.call("DELETE", member).statusCode()).isEqualTo(403);
    assertThat(byOther.call("DELETE", member).statusCode()).isEqualTo(404);
    assertThat(say(byAdmin, image, "accepted")).isEqualTo(200);
    assertThat(byAdmin.call("DELETE", member).statusCode()).isEqualTo(204);
    assertThat(byOwner.call("DELETE", member).statusCode()).isEqualTo(404);
  }

  @Test
  void countsMembers() throws Exception {
    var image = byOwner.create();
    for (int i = 0; i < 128; i++) {
      assertThat(add(byOwner, image, "project-" + i)).isEqualTo(200);
    }

    assertThat(add(byOwner, image, guest)).isEqualTo(413);
  }

  @Test
  void forgetsMembersWithTheImage() throws Exception {
    var image = shared();

    assertThat(byOwner.call("DELETE", "/v2/images/" + image).statusCode()).isEqualTo(204);

    assertThat(byOwner.call("GET", members(image)).statusCode()).isEqualTo(404);
    assertThat(listed(byGuest, "visibility=shared&member_status=all&owner=" + owner)).isEmpty();
  }

  @Test
  void wantsNoBodyWhereThereIsNothingToSay() throws Exception {
    var image = shared();
    var body = BodyPublishers.ofString("{}");

    assertThat(byOwner.send("GET", members(image), body).statusCode()).isEqualTo(400);
    assertThat(byOwner.send("DELETE", members(image) + "/" + guest, body).statusCode())
        .isEqualTo(400);
  }
}
