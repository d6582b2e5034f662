package io.vitrine.access.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.OncePerJvm;
import io.vitrine.testing.TestingKeystone;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one server of this JVM whose users Keystone knows: Ann and Bob are members of two
 * projects, Root is an administrator. Ann has a private image with data.
 */
final class AnnAndBob implements ParameterResolver {
  /** The data of Ann's image. */
  static final byte[] DATA = "Ann's own".getBytes(UTF_8);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Running.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return OncePerJvm.get(Running.class, Running::start);
  }

  static JsonObject image(String visibility) {
    return new JsonObject()
        .put("visibility", visibility)
        .put("disk_format", "raw")
        .put("container_format", "bare");
  }

  static JsonArray change(String op, String key, Object value) {
    var operation = new JsonObject().put("op", op).put("path", "/" + key);
    return new JsonArray().add(op.equals("remove") ? operation : operation.put("value", value));
  }

  static int status(HttpResponse<?> answer) {
    return answer.statusCode();
  }

  /**
   * The server, its Keystone, and what they hold.
   *
   * @param hidden the id of Ann's image
   */
  record Running(TestingKeystone keystone, Path directory, TestingServer server, String hidden)
      implements AutoCloseable {
    static Running start() {
      try {
        var keystone = TestingKeystone.start();
        keystone.issue("ann's", "ann", "a", "member", "reader");
        keystone.issue("bob's", "bob", "b", "member", "reader");
        keystone.issue("root's", "root", "operators", "admin", "member", "reader");
        var directory = TestingServer.newDirectory();
        var server = TestingServer.start(directory, settings(keystone));
        keystone.locate("image", "North", "public", "http://127.0.0.1:" + server.port());
        return new Running(keystone, directory, server, hide(as(server, "ann's")));
      } catch (Exception failure) {
        throw new IllegalStateException("the server of Ann and Bob does not start", failure);
      }
    }

    private static Map<String, String> settings(TestingKeystone keystone) {
      return Map.of(
          "VITRINE_IDENTITY__KIND", "keystone",
          "VITRINE_IDENTITY__KEYSTONE__URL", keystone.url(),
          "VITRINE_IDENTITY__KEYSTONE__PASSWORD", TestingKeystone.PASSWORD,
          "VITRINE_IMAGE__SHOW_MULTIPLE_LOCATIONS", "true",
          "VITRINE_STORES__BACKENDS__WEB__KIND", "http",
          "VITRINE_CACHE__ENABLED", "true",
          "VITRINE_IMPORT__METHODS", "glance-direct,web-download,copy-image,glance-download",
          "VITRINE_IMPORT__MAX_ATTEMPTS", "1");
    }

    private static String hide(TestingApi ann) throws Exception {
      var hidden = ann.create(image("private"));
      assertThat(ann.upload(hidden, DATA).statusCode()).isEqualTo(204);
      return hidden;
    }

    private static TestingApi as(TestingServer server, String token) {
      return new TestingApi(server.port(), "X-Auth-Token", token);
    }

    /** A client with a token. */
    TestingApi as(String token) {
      return as(server, token);
    }

    int port() {
      return server.port();
    }

    @Override
    public void close() throws IOException, TimeoutException {
      server.close();
      keystone.close();
      TestingServer.remove(directory);
    }
  }
}
