package io.vitrine.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The Ceph that .ci/checks/stores.py started for the tests with the tag "stores". */
public final class TestingCeph {
  /** The S3 and Swift APIs. */
  public static final String GATEWAY = "client.rgw";

  /** What keeps the objects. */
  public static final String OSD = "osd.0";

  private TestingCeph() {}

  /** What the check says of its servers, such as "pool". */
  public static String property(String name) {
    return Objects.requireNonNull(System.getProperty("stores." + name), name);
  }

  /** The cluster's configuration. */
  public static Path confFile() {
    return Path.of(property("ceph_conf"));
  }

  /** The pool for RBD. */
  public static String pool() {
    return property("pool");
  }

  /** Output of the rbd program. */
  public static String rbd(String... arguments) throws IOException {
    return run(command(List.of("rbd", "-c", confFile().toString(), "-p", pool()), arguments));
  }

  /** A process that has an image open, and does nothing with it. */
  public static Process watch(String image) throws IOException {
    return new ProcessBuilder(
            command(List.of("rbd", "-c", confFile().toString(), "-p", pool()), "watch", image))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Ends a daemon and starts it again. */
  public static void restart(String daemon) throws IOException {
    tool("restart", daemon);
  }

  /** Lets a daemon do nothing until the end of the block. */
  public static Frozen freeze(String daemon) throws IOException {
    tool("freeze", daemon);
    return () -> tool("thaw", daemon);
  }

  /** One of the daemons. */
  public static TestingDaemon daemon(String name) {
    return new TestingDaemon() {
      @Override
      public void stop() throws IOException {
        tool("stop", name);
      }

      @Override
      public void start() throws IOException {
        tool("start", name);
      }

      @Override
      public void freeze() throws IOException {
        tool("freeze", name);
      }

      @Override
      public void thaw() throws IOException {
        tool("thaw", name);
      }
    };
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
  public interface Frozen extends AutoCloseable {
    @Override
    void close() throws IOException;
  }
}
