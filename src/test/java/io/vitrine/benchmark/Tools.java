package io.vitrine.benchmark;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The programs of the machine that take part. */
final class Tools {
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
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("failed: " + List.of(command) + "\n" + output);
    }
    return output;
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
