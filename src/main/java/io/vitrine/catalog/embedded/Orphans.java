package io.vitrine.catalog.embedded;

import io.vitrine.catalog.sql.DatabaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Backends whose postmaster was killed. They exit once they notice, which may take a busy one long;
 * until then a new server is refused the shared memory.
 */
final class Orphans {
  private static final Duration OWN_END = Duration.ofMillis(300);
  private static final Duration KILLED_END = Duration.ofSeconds(5);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

  private final Path home;

  /** The processes that run a PostgreSQL program from below the directory. */
  Orphans(Path home) throws IOException {
    this.home = home.toRealPath();
  }

  /** Ends them all and waits. The caller holds the directory lock, so no other server runs. */
  void end() throws IOException {
    if (haveEnded(OWN_END)) {
      return;
    }
    found().forEach(ProcessHandle::destroyForcibly);
    if (!haveEnded(KILLED_END)) {
      throw new DatabaseException(
          "Processes of a killed embedded PostgreSQL do not exit: "
              + found().stream().map(ProcessHandle::pid).toList());
    }
  }

  /** Waits until they run no more; one that nobody reaps stays a zombie. */
  private boolean haveEnded(Duration limit) throws IOException {
    var deadline = System.nanoTime() + limit.toNanos();
    var left = found();
    while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
      Processes.ends(left.getFirst(), POLL_INTERVAL);
      left = found();
    }
    return left.isEmpty();
  }

  private List<ProcessHandle> found() {
    return ProcessHandle.allProcesses().filter(this::isServer).toList();
  }

  private boolean isServer(ProcessHandle process) {
    try {
      var program = Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/exe"));
      return program.startsWith(home) && program.endsWith("postgres");
    } catch (IOException endedOrOfOthers) {
      return false;
    }
  }
}
