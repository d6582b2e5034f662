package io.vitrine.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What the requests of {@link PolicyTable} are about: made by an administrator when it is first
 * needed, and used until a request has changed it.
 */
final class PolicyTargets {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");
  private static final byte[] DATA = {1, 2, 3};

  private final TestingApi admin;
  private final String url;
  private final Map<Key, String> made = new HashMap<>();

  PolicyTargets(TestingApi admin, String url) {
    this.admin = admin;
    this.url = url;
  }

  /** Whom a request comes from, and how what it is about can be seen. */
  record Cell(String role, String relation, String visibility) {}

  private record Key(String kind, String visibility) {}

  /** The text with the names of what is meant. */
  String resolve(String text, Cell cell) throws Exception {
    var resolved = new StringBuilder();
    var found = PLACEHOLDER.matcher(text);
    while (found.find()) {
      found.appendReplacement(resolved, value(found.group(1), cell));
    }
    return found.appendTail(resolved).toString();
  }

  /** Has new ones made of what the text is about. */
  void replace(String text, Cell cell) {
    PLACEHOLDER
        .matcher(text)
        .results()
        .forEach(found -> made.remove(new Key(found.group(1), cell.visibility())));
  }

  private String value(String name, Cell cell) throws Exception {
    return switch (name) {
      case "visibility" -> cell.visibility();
      case "url" -> url;
      case "new" -> UUID.randomUUID().toString();
      case "guest" -> cell.relation().equals("pending") ? "pending" : "accepted";
      default -> {
        var key = new Key(name, cell.visibility());
        var known = made.get(key);
        var target = known == null ? make(key) : known;
        made.put(key, target);
        yield target;
      }
    };
  }

  private String make(Key key) throws Exception {
    return switch (key.kind()) {
      case "queued" -> image(key.visibility(), admin -> {});
      case "active" -> image(key.visibility(), this::upload);
      case "copied" ->
          image(
              key.visibility(),
              id -> {
                upload(id);
                copy(id);
              });
      case "deactivated" ->
          image(
              key.visibility(),
              id -> {
                upload(id);
                done(admin.call("POST", "/v2/images/" + id + "/actions/deactivate"));
              });
      case "namespace" -> namespace(key.visibility());
      case "task" -> task();
      default -> throw new IllegalStateException("a placeholder that is none: " + key);
    };
  }

  private interface Step {
    void to(String id) throws Exception;
  }

  /** Members join while the image is shared, and stay when it is not any more. */
  private String image(String visibility, Step preparation) throws Exception {
    var id =
        admin.create(
            new JsonObject()
                .put("owner", "owner")
                .put("disk_format", "raw")
                .put("container_format", "bare")
                .put("tags", new JsonArray().add("red")));
    var members = "/v2/images/" + id + "/members";
    for (var member : List.of("accepted", "pending")) {
      done(admin.post(members, new JsonObject().put("member", member)));
    }
    var accepted = BodyPublishers.ofString("{\"status\": \"accepted\"}");
    done(admin.send("PUT", members + "/accepted", accepted));
    preparation.to(id);
    var change = new JsonObject().put("op", "replace").put("path", "/visibility");
    done(admin.patch(id, new JsonArray().add(change.put("value", visibility))));
    return id;
  }

  private void upload(String id) throws Exception {
    done(admin.upload(id, DATA));
  }

  private void copy(String id) throws Exception {
    var copy =
        new JsonObject()
            .put("method", new JsonObject().put("name", "copy-image"))
            .put("stores", new JsonArray().add("archive"));
    done(admin.post("/v2/images/" + id + "/import", copy));
    admin.await(id, image -> !image.containsKey("os_glance_import_task"));
  }

  private String namespace(String visibility) throws Exception {
    var name = UUID.randomUUID().toString();
    done(
        admin.post(
            "/v2/metadefs/namespaces",
            """
            {"namespace": "%s", "visibility": "%s", "owner": "owner", "tags": [{"name": "t"}], "objects": [{"name": "o"}],
             "properties": {"p": {"title": "P", "type": "string"}},
             "resource_type_associations": [{"name": "r", "prefix": "r_"}]}
            """
                .formatted(name, visibility)));
    return name;
  }

  private String task() throws Exception {
    var input =
        new JsonObject()
            .put("import_from", url)
            .put("import_from_format", "raw")
            .put("image_properties", new JsonObject());
    var answer =
        admin.post("/v2/tasks", new JsonObject().put("type", "import").put("input", input));
    done(answer);
    return new JsonObject(answer.body()).getString("id");
  }

  private static void done(HttpResponse<String> answer) {
    assertThat(answer.statusCode() / 100).as(answer.body()).isEqualTo(2);
  }
}
