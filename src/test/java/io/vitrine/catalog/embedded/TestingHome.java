package io.vitrine.catalog.embedded;

import io.vitrine.app.TestingServer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A PostgreSQL that has been unpacked and initialised, to be copied, as both take seconds. All JVMs
 * of a build share the one in the build's directory.
 */
public final class TestingHome {
  private static final Path SHARED =
      Path.of("target", "testing-postgresql-" + PostgresBinaries.version());

  private TestingHome() {}

  /** Puts a stopped server without data of users into a data directory. */
  public static void prepare(Path dataDir) throws IOException {
    var home = shared().resolve("postgresql");
    Files.createDirectories(dataDir);
    var copy = new ProcessBuilder("cp", "-a", home.toString(), dataDir.toString()).inheritIO();
    if (copy.start().onExit().join().exitValue() != 0) {
      throw new IOException("cannot copy " + home);
    }
  }

  private static synchronized Path shared() throws IOException {
    var lock = Files.createDirectories(Path.of("target")).resolve("testing-postgresql.lock");
    try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = channel.lock()) {
      if (held.isValid() && !Files.isDirectory(SHARED)) {
        var made = TestingServer.newDirectory();
        EmbeddedPostgres.start(made).close();
        Files.move(made, SHARED);
      }
    }
    return SHARED;
  }
}
