package io.vitrine.benchmark;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * All processes that the benchmark starts. They end before it does, also when it is interrupted.
 */
final class Children {
  private static final int PATIENCE_SECONDS = 30;
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
  private static boolean isEnding;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Children::endAll, "end of children"));
  }

  private Children() {}

  static synchronized Process start(ProcessBuilder builder) throws IOException {
    if (isEnding) {
      throw new IOException("the benchmark is ending");
    }
    var process = builder.start();
    RUNNING.add(process);
    var _ = process.onExit().thenAccept(RUNNING::remove);
    return process;
  }

  /** Asks a process to end, and kills it with its children if it does not in time. */
  static void end(Process process) {
    process.destroy();
    await(process);
  }

  private static void await(Process process) {
    var family = process.descendants().toList();
    try {
      process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    } catch (RuntimeException late) {
      process.destroyForcibly();
    }
    family.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
  }

  private static void endAll() {
    synchronized (Children.class) {
      isEnding = true;
    }
    RUNNING.forEach(Process::destroy);
    RUNNING.forEach(Children::await);
  }
}
