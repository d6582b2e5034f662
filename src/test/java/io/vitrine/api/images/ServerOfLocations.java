package io.vitrine.api.images;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.OncePerJvm;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one server of this JVM that shows locations, and a source of data for them. The
 * store "web" takes URLs of every host; "strict" takes those of 127.0.0.1 whose length fits.
 */
final class ServerOfLocations implements ParameterResolver {
  /** What lies at locations. */
  static final byte[] DATA = UploadWireTest.data(3 << 20);

  private static final String STORES =
      """
      stores:
        backends:
          web: {kind: http}
          strict: {kind: http, http: {allowed_hosts: [127.0.0.1], compare_length: true}}
      """;

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Running.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return OncePerJvm.get(Running.class, Running::start);
  }

  static JsonObject at(String url) {
    return new JsonObject().put("url", url);
  }

  static String hash(String algorithm) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(DATA));
  }

  /** The server, its source, and a client. */
  record Running(Path directory, TestingServer server, TestingSource source, TestingApi api)
      implements AutoCloseable {
    static Running start() {
      try {
        var directory = TestingServer.newDirectory();
        var settings =
            Map.of(
                "VITRINE_IMPORT__MAX_ATTEMPTS",
                "1",
                "VITRINE_IMAGE__SHOW_MULTIPLE_LOCATIONS",
                "true",
                "VITRINE_IMAGE__SHOW_IMAGE_DIRECT_URL",
                "true");
        var server = TestingServer.start(directory, settings, STORES);
        return new Running(directory, server, TestingSource.start(), new TestingApi(server.port()));
      } catch (Exception failure) {
        throw new IllegalStateException("the server of locations does not start", failure);
      }
    }

    HttpResponse<String> add(String id, JsonObject location) throws Exception {
      return api.post("/v2/images/" + id + "/locations", location);
    }

    /** The status of a patch. */
    int patch(String id, JsonObject... operations) throws Exception {
      return api.patch(id, new JsonArray(Arrays.asList(operations))).statusCode();
    }

    @Override
    public void close() throws IOException {
      server.close();
      source.close();
      TestingServer.remove(directory);
    }
  }
}
