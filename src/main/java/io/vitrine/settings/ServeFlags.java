package io.vitrine.settings;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of the command line, which override files and environment. */
public record ServeFlags(Optional<String> host, Optional<Integer> port, Optional<Path> data) {
  /** No settings. */
  public static final ServeFlags NONE =
      new ServeFlags(Optional.empty(), Optional.empty(), Optional.empty());

  private static final int LAST_PORT = 65535;

  /**
   * The keys that the flags set. Unless configured, the management port is next to the API's, so
   * that a second server on the same machine needs one flag only.
   *
   * @param given the keys that files and environment set
   */
  JsonObject tree(JsonObject given) {
    var http = new JsonObject();
    host.ifPresent(address -> http.put("host", address));
    port.ifPresent(number -> http.put("port", number));
    var tree = JsonObject.of("http", http);
    data.ifPresent(dir -> tree.put("data", JsonObject.of("dir", dir.toString())));
    if (port.isPresent() && !hasManagementPort(given)) {
      tree.put("management", JsonObject.of("port", beside(port.get())));
    }
    return tree;
  }

  private static boolean hasManagementPort(JsonObject given) {
    return given.getValue("management") instanceof JsonObject management
        && management.containsKey("port");
  }

  private static int beside(int port) {
    if (port <= 0) {
      return 0;
    }
    return port == LAST_PORT ? port - 1 : port + 1;
  }
}
