package io.vitrine.benchmark;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The packaged server in a process of its own, with its own database and data. */
final class VitrineProcess implements ImageServer, AutoCloseable {
  private static final Duration START_DEADLINE = Duration.ofSeconds(60);

  private final Path directory;
  private final Process process;
  private final Ports ports;
  private final String token;

  private record Ports(int api, int uwsgi, int management) {}

  private VitrineProcess(Path directory, Process process, Ports ports, String token) {
    this.token = token;
    this.directory = directory;
    this.process = process;
    this.ports = ports;
  }

  static VitrineProcess start(Path directory, String heap) throws Exception {
    return start(directory, heap, "", Map.of());
  }

  /**
   * Starts one with more settings, by the names of the environment's variables.
   *
   * @param token what the requests of {@link #create} show; empty for nothing
   */
  static VitrineProcess start(
      Path directory, String heap, String token, Map<String, String> settings) throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var jar = Path.of("target", "vitrine.jar").toAbsolutePath().toString();
    var ports = new Ports(Tools.freePort(), Tools.freePort(), Tools.freePort());
    var log = directory.resolve("vitrine.log").toFile();
    var builder = new ProcessBuilder(java, "-Xmx" + heap, "-jar", jar, "serve");
    builder.directory(directory.toFile()).redirectErrorStream(true).redirectOutput(log);
    builder.environment().keySet().removeIf(name -> name.startsWith("VITRINE_"));
    builder.environment().put("VITRINE_DATA__DIR", directory.resolve("vitrine").toString());
    builder.environment().put("VITRINE_HTTP__PORT", String.valueOf(ports.api()));
    builder.environment().put("VITRINE_UWSGI__HOST", "127.0.0.1");
    builder.environment().put("VITRINE_UWSGI__PORT", String.valueOf(ports.uwsgi()));
    builder.environment().put("VITRINE_MANAGEMENT__PORT", String.valueOf(ports.management()));
    builder.environment().putAll(WarmStart.NONE);
    builder.environment().putAll(settings);
    var server = new VitrineProcess(directory, Children.start(builder), ports, token);
    try {
      server.awaitReady();
      return server;
    } catch (Exception failure) {
      server.close();
      throw failure;
    }
  }

  private void awaitReady() throws Exception {
    var uri = URI.create("http://127.0.0.1:%d/health/ready".formatted(ports.management()));
    try {
      Tools.awaitStatus(uri, 200, process, START_DEADLINE);
    } catch (IOException failure) {
      throw new IOException(
          "the server does not start; see " + directory.resolve("vitrine.log"), failure);
    }
  }

  @Override
  public String name() {
    return "Vitrine";
  }

  @Override
  public int port() {
    return ports.api();
  }

  @Override
  public String token() {
    return token;
  }

  int uwsgiPort() {
    return ports.uwsgi();
  }

  @Override
  public ProcessHandle handle() {
    return process.toHandle();
  }

  @Override
  public Path store() {
    return directory.resolve("vitrine/stores");
  }

  /** The processor time of the server without its database, in seconds. */
  @Override
  public double cpuSeconds() throws IOException {
    return Tools.ownCpuSeconds(handle());
  }

  /** The resident memory now, without the database's. */
  double memoryMib() throws IOException {
    return statusMib("VmRSS:");
  }

  /** The most resident memory since the start or the last {@link #forgetPeak}. */
  double peakMemoryMib() throws IOException {
    return statusMib("VmHWM:");
  }

  /** Begins to look for the most resident memory anew; proc(5). */
  void forgetPeak() throws IOException {
    Files.writeString(Path.of("/proc/%d/clear_refs".formatted(process.pid())), "5");
  }

  private double statusMib(String field) throws IOException {
    var status = Files.readAllLines(Path.of("/proc/%d/status".formatted(process.pid())));
    var line = status.stream().filter(each -> each.startsWith(field)).findFirst().orElseThrow();
    return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
  }

  /** The server's metrics as Prometheus reads them. */
  String metrics() throws IOException {
    var uri = URI.create("http://127.0.0.1:%d/metrics".formatted(ports.management()));
    try (var body = uri.toURL().openStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void sql(String statement) throws IOException, InterruptedException {
    var address = Files.readString(directory.resolve("vitrine/postgresql/address")).strip();
    PeerDatabase.sql(address, statement);
  }

  @Override
  public void close() {
    Children.end(process);
  }
}
