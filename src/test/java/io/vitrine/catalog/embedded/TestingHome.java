package io.vitrine.catalog.embedded;

import io.vitrine.app.TestingServer;
import io.vitrine.testing.OncePerJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A PostgreSQL that has been unpacked and initialised, to be copied, as both take seconds. */
public final class TestingHome implements AutoCloseable {
  private final Path directory;

  private TestingHome(Path directory) {
    this.directory = directory;
  }

  private static TestingHome make() {
    try {
      var directory = TestingServer.newDirectory();
      EmbeddedPostgres.start(directory).close();
      return new TestingHome(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Puts a stopped server without data of users into a data directory. */
  public static void prepare(Path dataDir) throws IOException, InterruptedException {
    var home = OncePerJvm.get(TestingHome.class, TestingHome::make).directory.resolve("postgresql");
    Files.createDirectories(dataDir);
    var copy = new ProcessBuilder("cp", "-a", home.toString(), dataDir.toString()).inheritIO();
    if (copy.start().waitFor() != 0) {
      throw new IOException("cannot copy " + home);
    }
  }

  @Override
  public void close() throws IOException {
    TestingServer.remove(directory);
  }
}
