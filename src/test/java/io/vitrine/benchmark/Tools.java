package io.vitrine.benchmark;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The programs of the machine that take part. */
final class Tools {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Tools() {}

  /** Ends the run with advice if a program is missing. */
  static void require(String... programs) {
    var missing = Arrays.stream(programs).filter(program -> !isInstalled(program)).toList();
    if (!missing.isEmpty()) {
      System.err.println(
          "The benchmark needs programs that are not here: apt-get install "
              + String.join(" ", missing));
      System.exit(1);
    }
  }

  private static boolean isInstalled(String program) {
    return Stream.concat(
            Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
            Stream.of("/usr/sbin"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** What a program prints; fails if the program does. */
  static String run(String... command) throws IOException, InterruptedException {
    return run(new ProcessBuilder(command));
  }

  /** What a program prints; fails if the program does. */
  static String run(ProcessBuilder command) throws IOException, InterruptedException {
    var process = Children.start(command.redirectErrorStream(true));
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("failed: " + command.command() + "\n" + output);
    }
    return output;
  }

  /**
   * Waits until a server answers with a status; fails if its process ends before, or it is late.
   */
  static void awaitStatus(URI uri, int status, Process process, Duration limit)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!answers(uri, status)) {
      if (System.nanoTime() > deadline || process.waitFor(100, TimeUnit.MILLISECONDS)) {
        throw new IOException(uri + " does not answer with status " + status);
      }
    }
  }

  private static boolean answers(URI uri, int status) throws InterruptedException {
    try {
      var request = HttpRequest.newBuilder(uri).timeout(ANSWER_LIMIT).build();
      return CLIENT.send(request, BodyHandlers.discarding()).statusCode() == status;
    } catch (IOException notYet) {
      return false;
    }
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The processor time of a process and its children so far, in seconds. */
  static double cpuSeconds(ProcessHandle process) throws IOException {
    double ticks = ticks(process.pid());
    for (var child : process.descendants().toList()) {
      ticks += ticks(child.pid());
    }
    return ticks / 100;
  }

  /** The processor time of a process alone so far, in seconds. */
  static double ownCpuSeconds(ProcessHandle process) throws IOException {
    return ticks(process.pid()) / 100;
  }

  /** proc(5): the 14th and 15th field, counted behind the name, which may have spaces. */
  private static double ticks(long pid) throws IOException {
    var stat = Files.readString(Path.of("/proc/%d/stat".formatted(pid)));
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
  }
}
