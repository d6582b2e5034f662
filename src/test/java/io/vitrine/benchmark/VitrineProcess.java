package io.vitrine.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged server in a process of its own, with its own database and data. */
final class VitrineProcess implements AutoCloseable {
  private static final Duration START_DEADLINE = Duration.ofSeconds(60);

  private final HttpClient client = HttpClient.newHttpClient();
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
    builder.environment().putAll(settings);
    var server = new VitrineProcess(directory, builder.start(), ports, token);
    try {
      server.awaitReady();
      return server;
    } catch (Exception failure) {
      server.close();
      throw failure;
    }
  }

  private void awaitReady() throws Exception {
    long deadline = System.nanoTime() + START_DEADLINE.toNanos();
    while (!isReady()) {
      if (System.nanoTime() > deadline || process.waitFor(100, TimeUnit.MILLISECONDS)) {
        throw new IOException("the server does not start; see target/benchmark/vitrine.log");
      }
    }
  }

  private boolean isReady() throws InterruptedException {
    var uri = URI.create("http://127.0.0.1:%d/health/ready".formatted(ports.management()));
    try {
      var request = HttpRequest.newBuilder(uri).build();
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  int port() {
    return ports.api();
  }

  String token() {
    return token;
  }

  int uwsgiPort() {
    return ports.uwsgi();
  }

  String url(String path) {
    return "http://127.0.0.1:%d%s".formatted(ports.api(), path);
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** The processor time of the server without its database, in seconds. */
  double cpuSeconds() throws IOException {
    return Tools.ownCpuSeconds(handle());
  }

  double peakMemoryMib() throws IOException {
    var status = Files.readAllLines(Path.of("/proc/%d/status".formatted(process.pid())));
    var peak = status.stream().filter(line -> line.startsWith("VmHWM:")).findFirst().orElseThrow();
    return Long.parseLong(peak.replaceAll("\\D", "")) / 1024.0;
  }

  /** The server's metrics as Prometheus reads them. */
  String metrics() throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:%d/metrics".formatted(ports.management()));
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  /** Creates an image with five properties and two tags, and answers its path. */
  String create(String name) throws IOException, InterruptedException {
    var body =
        """
        {"name": "%s", "disk_format": "raw", "container_format": "bare", "tags": ["one", "two"],
         "os_distro": "debian", "os_version": "12", "architecture": "x86_64", "hw_disk_bus": "virtio",
         "build": "nightly"}
        """
            .formatted(name);
    var request =
        HttpRequest.newBuilder(URI.create(url("/v2/images")))
            .header("Content-Type", "application/json")
            .header("X-Auth-Token", token)
            .POST(BodyPublishers.ofString(body))
            .build();
    var response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 201) {
      throw new IOException("the image was not created: " + response.body());
    }
    return URI.create(response.headers().firstValue("Location").orElseThrow()).getPath();
  }

  void delete(String image) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url(image))).DELETE().build();
    client.send(request, BodyHandlers.discarding());
  }

  /** Runs a statement in the server's database. */
  void sql(String statement) throws IOException, InterruptedException {
    var address = Files.readString(directory.resolve("vitrine/postgresql/address")).strip();
    Tools.run("psql", "--no-psqlrc", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, address);
  }

  @Override
  public void close() {
    client.close();
    process.destroy();
    process.onExit().orTimeout(60, TimeUnit.SECONDS).exceptionally(late -> kill()).join();
  }

  private Process kill() {
    return process.destroyForcibly();
  }
}
