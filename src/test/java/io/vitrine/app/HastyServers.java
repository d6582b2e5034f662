package io.vitrine.app;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Servers that a test starts one after the other, or beside each other, with a directory of its
 * own. They end at once, and soon take over what others have left.
 */
public final class HastyServers implements BeforeEachCallback, AfterEachCallback {
  private final Map<String, String> settings =
      new HashMap<>(
          Map.of(
              "VITRINE_UPLOADS__TAKEOVER", "1s",
              "VITRINE_LEASE__GC_INTERVAL", "1s",
              "VITRINE_SHUTDOWN__GRACE", "0s"));
  private Path directory = Path.of("");

  /** With more settings for all of them, names and values in turns. */
  public HastyServers(String... more) {
    add(settings, more);
  }

  private static void add(Map<String, String> settings, String... more) {
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    directory = TestingServer.newDirectory();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    TestingServer.remove(directory);
  }

  /** What all servers of the test share. */
  public Path directory() {
    return directory;
  }

  /** Starts one with more settings, names and values in turns. */
  public TestingServer start(String... more) throws Exception {
    var all = new HashMap<>(settings);
    add(all, more);
    return TestingServer.start(directory, all);
  }
}
