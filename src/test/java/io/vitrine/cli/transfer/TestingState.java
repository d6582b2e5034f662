package io.vitrine.cli.transfer;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.cli.TestingCommand;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What commands keep of their uploads until those are complete. */
record TestingState(Path home) {
  private static final String[] TUS = {"Tus-Resumable", "1.0.0"};

  /** Runs a command that keeps its state here. */
  TestingCommand run(String... arguments) {
    return TestingCommand.run(Map.of("XDG_STATE_HOME", home.toString()), arguments);
  }

  Path directory() {
    return home.resolve("vitrine/uploads");
  }

  /** The only upload that has begun; an empty object if there is none yet. */
  JsonObject upload() throws IOException {
    if (!Files.isDirectory(directory())) {
      return new JsonObject();
    }
    try (var files = Files.list(directory())) {
      var file = files.filter(each -> each.toString().endsWith(".json")).findFirst();
      return file.isPresent() ? new JsonObject(Files.readString(file.get())) : new JsonObject();
    }
  }

  /**
   * Waits until no request of the only upload is under way, of any of its parts. As long as the
   * server is at one, it takes no other, not even an empty one.
   */
  void awaitTheEndOfRequests(TestingApi api) throws IOException {
    for (var each : upload().getJsonArray("uploads", new JsonArray())) {
      var path = "/vitrine/v1/uploads/" + each;
      TestingConditions.await(() -> sendNothing(api, path), status -> status == 204);
    }
  }

  private static int sendNothing(TestingApi api, String path) throws Exception {
    var known = api.call("HEAD", path, TUS).headers().firstValue("Upload-Offset").orElseThrow();
    var headers =
        List.of(
            "Upload-Offset",
            known,
            "Content-Type",
            "application/offset+octet-stream",
            TUS[0],
            TUS[1]);
    return api.call("PATCH", path, headers.toArray(String[]::new)).statusCode();
  }
}
