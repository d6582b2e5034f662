package io.vitrine.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The Ceph that .ci/checks/stores.py started for the tests with the tag "stores". */
final class TestingCeph {
  static final String GATEWAY = "client.rgw";
  static final String OSD = "osd.0";

  private TestingCeph() {}

  /** What the check says of its servers, such as "pool". */
  static String property(String name) {
    return Objects.requireNonNull(System.getProperty("stores." + name), name);
  }

  static Path confFile() {
    return Path.of(property("ceph_conf"));
  }

  static String pool() {
    return property("pool");
  }

  /** Output of the rbd program. */
  static String rbd(String... arguments) throws IOException {
    return run(command(List.of("rbd", "-c", confFile().toString(), "-p", pool()), arguments));
  }

  static void restart(String daemon) throws IOException {
    tool("restart", daemon);
  }

  /** Lets a daemon do nothing until the end of the block. */
  static Frozen freeze(String daemon) throws IOException {
    tool("freeze", daemon);
    return () -> tool("thaw", daemon);
  }

  private static void tool(String action, String daemon) throws IOException {
    run(
        List.of(
            property("python"), "-B", property("ceph_tool"), action, property("ceph_dir"), daemon));
  }

  private static List<String> command(List<String> program, String... arguments) {
    var command = new ArrayList<>(program);
    command.addAll(List.of(arguments));
    return command;
  }

  private static String run(List<String> command) throws IOException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var output = process.inputReader(UTF_8)) {
      var text = String.join("\n", output.readAllLines());
      if (process.waitFor() != 0) {
        throw new IOException(command + ": " + text);
      }
      return text;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  /** Ends with the daemon going on. */
  interface Frozen extends AutoCloseable {
    @Override
    void close() throws IOException;
  }
}
