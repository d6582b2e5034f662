package io.vitrine.benchmark;

import io.vitrine.catalog.database.DatabaseAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** A {@link BareServer} in a process of its own, with the heap of the server that it stands by. */
record BareProcess(Process process, int port) implements WebServer, AutoCloseable {
  private static final Duration START_DEADLINE = Duration.ofSeconds(60);

  static BareProcess start(Path log, String heap, DatabaseAddress database) throws Exception {
    int port = Tools.freePort();
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + heap,
            "-classpath",
            System.getProperty("java.class.path"),
            BareServer.class.getName(),
            String.valueOf(port),
            database.toUrl());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    var bare = new BareProcess(Children.start(builder), port);
    try {
      Tools.awaitStatus(URI.create(bare.url("/")), 200, bare.process, START_DEADLINE);
      return bare;
    } catch (Exception failure) {
      bare.close();
      throw failure;
    }
  }

  @Override
  public ProcessHandle handle() {
    return process.toHandle();
  }

  @Override
  public void close() {
    Children.end(process);
  }
}
