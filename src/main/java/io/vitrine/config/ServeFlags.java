package io.vitrine.config;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;

/** What the command line sets; it wins over files and environment. */
public record ServeFlags(Optional<String> host, Optional<Integer> port, Optional<Path> data) {
  /** Nothing is set. */
  public static final ServeFlags NONE =
      new ServeFlags(Optional.empty(), Optional.empty(), Optional.empty());

  private static final int LAST_PORT = 65535;

  /**
   * The keys that the flags set. The management port lies beside the API's, so that a second server
   * on a machine needs one flag for both, unless it is configured.
   */
  JsonObject tree(boolean isManagementConfigured) {
    var http = new JsonObject();
    host.ifPresent(address -> http.put("host", address));
    port.ifPresent(number -> http.put("port", number));
    var tree = JsonObject.of("http", http);
    data.ifPresent(dir -> tree.put("data", JsonObject.of("dir", dir.toString())));
    if (port.isPresent() && !isManagementConfigured) {
      tree.put("management", JsonObject.of("port", beside(port.get())));
    }
    return tree;
  }

  private static int beside(int port) {
    if (port <= 0) {
      return 0;
    }
    return port == LAST_PORT ? port - 1 : port + 1;
  }
}
