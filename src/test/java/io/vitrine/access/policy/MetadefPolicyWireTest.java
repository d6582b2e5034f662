package io.vitrine.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.metadefs.TestingMetadefs;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an administrator, a reader of the owning project and of another, and nobody get to see. */
@ExtendWith(TestingMetadefs.class)
class MetadefPolicyWireTest {
  private static final String ALL = "/v2/metadefs/namespaces";
  private final TestingApi api;

  MetadefPolicyWireTest(TestingApi api) {
    this.api = api;
  }

  @BeforeEach
  void createNamespaces() throws Exception {
    for (var visibility : new String[] {"public", "private"}) {
      var answer =
          api.post(
              ALL,
              """
              {"namespace": "%s", "visibility": "%s", "owner": "mine", "tags": [{"name": "t"}], "objects": [{"name": "o"}],
               "properties": {"p": {"title": "P", "type": "string"}}, "resource_type_associations": [{"name": "r"}]}
              """
                  .formatted(visibility, visibility));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    // method, path, then the statuses of: administrator, owner's reader, other reader (private,
    // public), owner's without a role
    "GET,'',200,200,404,200,404",
    "GET,/resource_types,200,200,404,200,404",
    "GET,/properties,200,200,404,200,404",
    "GET,/properties/p,200,200,404,200,404",
    "GET,/objects,200,200,404,200,404",
    "GET,/objects/o,200,200,404,200,404",
    "GET,/tags,200,200,404,200,404",
    "GET,/tags/t,200,200,404,200,404",
    "PUT,'',200,403,404,403,404",
    "POST,/resource_types,201,403,404,403,404",
    "POST,/properties,201,403,404,403,404",
    "PUT,/properties/p,200,403,404,403,404",
    "POST,/objects,201,403,404,403,404",
    "PUT,/objects/o,200,403,404,403,404",
    "POST,/tags,201,403,404,403,404",
    "POST,/tags/new,201,403,404,403,404",
    "PUT,/tags/t,200,403,404,403,404",
    "DELETE,/resource_types/r,204,403,404,403,404",
    "DELETE,/properties/p,204,403,404,403,404",
    "DELETE,/properties,204,403,404,403,404",
    "DELETE,/objects/o,204,403,404,403,404",
    "DELETE,/objects,204,403,404,403,404",
    "DELETE,/tags/t,204,403,404,403,404",
    "DELETE,/tags,204,403,404,403,404",
    "DELETE,'',204,403,404,403,404"
  })
  void asksForARole(
      String method,
      String path,
      int admin,
      int reader,
      int strangerPrivate,
      int strangerPublic,
      int roleless)
      throws Exception {
    assertThat(status(method, "private", path, "mine", "reader,member")).isEqualTo(reader);
    assertThat(status(method, "private", path, "other", "reader")).isEqualTo(strangerPrivate);
    assertThat(status(method, "public", path, "other", "reader")).isEqualTo(strangerPublic);
    assertThat(status(method, "private", path, "mine", "guest")).isEqualTo(roleless);
    assertThat(status(method, "private", path, "other", "admin")).isEqualTo(admin);
  }

  private int status(String method, String namespace, String path, String project, String roles)
      throws Exception {
    var answer =
        api.send(
            method,
            ALL + "/" + namespace + path,
            hasBody(method, path)
                ? BodyPublishers.ofString(body(namespace, path))
                : BodyPublishers.noBody(),
            TestingMetadefs.PROJECT,
            project,
            TestingMetadefs.ROLES,
            roles);
    return answer.statusCode();
  }

  private static boolean hasBody(String method, String path) {
    return method.equals("PUT") || (method.equals("POST") && !path.equals("/tags/new"));
  }

  private static String body(String namespace, String path) {
    return switch (path) {
      case "" -> "{\"namespace\": \"%s\"}".formatted(namespace);
      case "/tags" -> "{\"tags\": [{\"name\": \"x\"}]}";
      case "/properties", "/properties/p" ->
          "{\"name\": \"x\", \"title\": \"T\", \"type\": \"string\"}";
      default -> "{\"name\": \"x\"}";
    };
  }

  @Test
  void listsWhatTheCallerMayGet() throws Exception {
    assertThat(listed("mine", "reader")).isEqualTo(2);
    assertThat(listed("other", "reader")).isEqualTo(1);
    assertThat(listed("other", "admin")).isEqualTo(2);
  }

  private int listed(String project, String roles) throws Exception {
    var answer =
        api.call("GET", ALL, TestingMetadefs.PROJECT, project, TestingMetadefs.ROLES, roles);
    assertThat(answer.statusCode()).isEqualTo(200);
    return new JsonObject(answer.body()).getJsonArray("namespaces").size();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v2/metadefs/namespaces,reader,200",
    "GET,/v2/metadefs/namespaces,guest,404",
    "GET,/v2/metadefs/resource_types,reader,200",
    "GET,/v2/metadefs/resource_types,guest,404",
    "POST,/v2/metadefs/namespaces,admin,201",
    "POST,/v2/metadefs/namespaces,reader,403",
    "POST,/v2/metadefs/namespaces,guest,404"
  })
  void asksForARoleWithoutANamespace(String method, String path, String roles, int status)
      throws Exception {
    var answer =
        api.send(
            method,
            path,
            method.equals("POST")
                ? BodyPublishers.ofString("{\"namespace\": \"new\"}")
                : BodyPublishers.noBody(),
            TestingMetadefs.PROJECT,
            "mine",
            TestingMetadefs.ROLES,
            roles);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
  }
}
