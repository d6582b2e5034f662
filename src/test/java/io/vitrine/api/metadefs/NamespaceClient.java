package io.vitrine.api.metadefs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;

/** Defines things in a namespace, and expects that it may. */
record NamespaceClient(TestingApi api) {
  /** The path of the namespace. */
  static final String SPACE = "/v2/metadefs/namespaces/space";

  /** A property to define. */
  static final JsonObject PROPERTY =
      new JsonObject()
          .put("name", "cores")
          .put("title", "Cores")
          .put("type", "integer")
          .put("default", "4")
          .put("operators", new JsonArray().add("<or>"));

  void create() throws Exception {
    post("/v2/metadefs/namespaces", new JsonObject().put("namespace", "space"));
  }

  JsonObject post(String path, JsonObject body) throws Exception {
    var answer = api.post(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return new JsonObject(answer.body());
  }

  /** The answer may be a refusal. */
  HttpResponse<String> put(String path, JsonObject body) throws Exception {
    return api.send("PUT", path, BodyPublishers.ofString(body.encode()));
  }

  JsonObject get(String path) throws Exception {
    var answer = api.call("GET", path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  static JsonObject tags(String... names) {
    var tags = new JsonArray();
    List.of(names).forEach(name -> tags.add(new JsonObject().put("name", name)));
    return new JsonObject().put("tags", tags);
  }
}
