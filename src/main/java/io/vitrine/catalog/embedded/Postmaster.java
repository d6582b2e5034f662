package io.vitrine.catalog.embedded;

import io.vitrine.catalog.sql.DatabaseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The PostgreSQL server process of one data directory: starts it, finds it again, stops it. */
final class Postmaster {
  private static final int ATTEMPTS = 5;
  private static final long LOG_LIMIT_BYTES = 10L << 20;
  private static final int LONGEST_SOCKET_DIRECTORY = 80;

  /** Long enough for crash recovery after large writes. */
  private static final Duration READY_LIMIT = Duration.ofMinutes(5);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(10);
  private static final Duration FAST_STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration IMMEDIATE_STOP_LIMIT = Duration.ofSeconds(5);

  private final Path home;
  private final Path data;
  private final PostgresBinaries binaries;
  private final OrdinaryUser user;
  private volatile boolean isCancelled;

  Postmaster(Path home, Path data, PostgresBinaries binaries, OrdinaryUser user) {
    this.home = home;
    this.data = data;
    this.binaries = binaries;
    this.user = user;
  }

  /** A started server. */
  record Running(Process process, int port) {}

  /**
   * Stops a server that outlived its Vitrine. The caller holds the directory lock, so the server
   * has no other owner.
   */
  private void stopSurvivor() throws IOException {
    var pid = recorded().stream().findFirst().filter(line -> line.matches("\\d+"));
    var process = pid.flatMap(line -> ProcessHandle.of(Long.parseLong(line)));
    if (process.isEmpty()) {
      return;
    }
    if (isOurs(process.get())) {
      stop(process.get());
    } else {
      // The process id belongs to another process now, perhaps in a new container; PostgreSQL would
      // refuse to start as long as that one runs.
      Files.deleteIfExists(pidFile());
    }
  }

  /** Stops whatever is left of earlier servers. */
  void clear() throws IOException {
    stopSurvivor();
    new Orphans(home).end();
  }

  private boolean isOurs(ProcessHandle process) {
    try {
      var commandLine = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
      return List.of(commandLine.split("\0")).contains(data.toString());
    } catch (IOException ended) {
      // The file vanished before or while it was read.
      return false;
    }
  }

  /** Starts the server on a free port and waits until it accepts connections. */
  Running start() throws IOException {
    // Another process may take the port in between.
    for (var attempt = 1; attempt <= ATTEMPTS; attempt++) {
      var running = startOn(freePort());
      if (running.isPresent()) {
        return running.get();
      }
    }
    throw failure();
  }

  /** Restarts the server on the port that its clients know. */
  Running startAgain(int port) throws IOException {
    clear();
    return startOn(port).orElseThrow(this::failure);
  }

  private Optional<Running> startOn(int port) throws IOException {
    var process = launch(port);
    return isReady(process) ? Optional.of(new Running(process, port)) : Optional.empty();
  }

  /** Cancels a start in progress. */
  void cancel() {
    isCancelled = true;
  }

  private Process launch(int port) throws IOException {
    var log = log().toFile();
    var tooLong = log.length() > LOG_LIMIT_BYTES;
    return user.start(
        command(port),
        tooLong ? ProcessBuilder.Redirect.to(log) : ProcessBuilder.Redirect.appendTo(log));
  }

  private List<String> command(int port) {
    var server =
        List.of(
            binaries.program("postgres"),
            "-D",
            data.toString(),
            "-p",
            Integer.toString(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=" + socketDirectory(),
            "-c",
            "unix_socket_permissions=0700",
            "-c",
            "shared_buffers=128MB",
            "-c",
            "max_connections=60");
    return Stream.concat(ownSession().stream(), server.stream()).toList();
  }

  /**
   * In a session of its own, because Ctrl-C in the terminal would stop the server before its
   * clients.
   */
  private static List<String> ownSession() {
    return Stream.of("/usr/bin/setsid", "/bin/setsid")
        .filter(program -> Files.isExecutable(Path.of(program)))
        .findFirst()
        .stream()
        .toList();
  }

  /** A socket path is limited to about 100 bytes; if it is longer, only TCP is used. */
  private String socketDirectory() {
    var length = data.toString().getBytes(StandardCharsets.UTF_8).length;
    return length <= LONGEST_SOCKET_DIRECTORY ? data.toString() : "";
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private boolean isReady(Process process) throws IOException {
    var deadline = System.nanoTime() + READY_LIMIT.toNanos();
    while (!Processes.ends(process, POLL_INTERVAL)) {
      var lines = recorded();
      if (lines.size() >= 8
          && lines.getFirst().equals(Long.toString(process.pid()))
          && lines.get(7).startsWith("ready")) {
        return true;
      }
      if (isCancelled || System.nanoTime() - deadline > 0) {
        stop(process.toHandle());
        return false;
      }
    }
    return false;
  }

  /**
   * The lines of postmaster.pid: process, directory, start, port, socket, address, memory, state.
   */
  private List<String> recorded() throws IOException {
    try {
      return Files.readAllLines(pidFile());
    } catch (NoSuchFileException notRunning) {
      return List.of();
    }
  }

  private Path pidFile() {
    return data.resolve("postmaster.pid");
  }

  /** The server's log file. */
  Path log() {
    return home.resolve("server.log");
  }

  private DatabaseException failure() {
    return DatabaseException.ofStart(home, endOfLog());
  }

  private String endOfLog() {
    try (var lines = Files.lines(log())) {
      var all = lines.toList();
      return all.stream().skip(Math.max(0, all.size() - 5)).collect(Collectors.joining("; "));
    } catch (IOException | UncheckedIOException unreadable) {
      return log() + " cannot be read";
    }
  }

  /**
   * Stops the server in fast mode, which does not wait for clients; after a timeout, in immediate
   * mode.
   */
  void stop(ProcessHandle process) throws IOException {
    if (!ends(process, "INT", FAST_STOP_LIMIT) && !ends(process, "QUIT", IMMEDIATE_STOP_LIMIT)) {
      process.destroyForcibly();
      Processes.ends(process, IMMEDIATE_STOP_LIMIT);
    }
  }

  private boolean ends(ProcessHandle process, String signal, Duration limit) throws IOException {
    var kill = List.of(binaries.program("pg_ctl"), "kill", signal, Long.toString(process.pid()));
    Processes.waitFor(user.start(kill, ProcessBuilder.Redirect.DISCARD));
    var deadline = System.nanoTime() + limit.toNanos();
    // Not just until the process exits: without a parent to reap it, it may stay a zombie.
    while (isOurs(process) && System.nanoTime() - deadline < 0) {
      Processes.ends(process, POLL_INTERVAL);
    }
    return !isOurs(process);
  }
}
