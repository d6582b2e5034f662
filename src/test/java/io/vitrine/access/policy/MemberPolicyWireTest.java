package io.vitrine.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Members that may be listed, but not be got. */
class MemberPolicyWireTest {
  @Test
  void leavesOutOfTheListWhatMayNotBeGot() throws Exception {
    var directory = TestingServer.newDirectory();
    var rules = directory.resolve("policy.yaml");
    Files.writeString(rules, "{get_members: '@', get_member: '!'}");
    try (var server =
        TestingServer.start(directory, Map.of("VITRINE_POLICY__FILE", rules.toString()))) {
      var api = new TestingApi(server.port());
      var members = "/v2/images/" + api.create() + "/members";
      var added = api.post(members, new JsonObject().put("member", "guest"));
      assertThat(added.statusCode()).as(added.body()).isEqualTo(200);

      var listed = api.call("GET", members);

      assertThat(listed.statusCode()).isEqualTo(200);
      assertThat(new JsonObject(listed.body()).getJsonArray("members")).isEmpty();
      assertThat(api.call("GET", members + "/guest").statusCode()).isEqualTo(404);
    } finally {
      TestingServer.remove(directory);
    }
  }
}
