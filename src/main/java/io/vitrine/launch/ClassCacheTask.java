package io.vitrine.launch;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Makes the {@link ClassCache} in the background, some time after the start of a server, if memory
 * allows. Nothing that goes wrong here concerns the server.
 */
public final class ClassCacheTask implements AutoCloseable {
  /** Processes that end sooner, and the work that is waiting at a start, are not disturbed. */
  private static final Duration DELAY = Duration.ofMinutes(1);

  private static final long TOTAL_BYTES = 2L << 30;
  private static final long AVAILABLE_KIB = 1L << 20;
  private static final long STOP_MILLIS = 5000;

  private static final Logger log = LoggerFactory.getLogger(ClassCacheTask.class);

  private final Thread thread;

  /** Does nothing before it is started. */
  public ClassCacheTask() {
    Runnable work = () -> ClassCache.ofThisProcess().ifPresent(ClassCacheTask::run);
    thread = new Thread(work, "class-cache");
    thread.setDaemon(true);
  }

  /** Begins to wait; does nothing where this process can have no cache. */
  public void start() {
    thread.start();
  }

  private static void run(ClassCache cache) {
    try {
      Thread.sleep(DELAY.toMillis());
      if (hasMemory()) {
        make(cache);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException failure) {
      log.atDebug().addKeyValue("error", failure.getMessage()).log("No cache of classes");
    }
  }

  private static void make(ClassCache cache) throws IOException, InterruptedException {
    var maker = new ClassCacheMaker(cache, System.getProperty("java.class.path", ""));
    long start = System.nanoTime();
    var outcome = maker.makeIfMissing();
    log.atLevel(outcome == ClassCacheMaker.Outcome.MADE ? Level.INFO : Level.DEBUG)
        .addKeyValue("file", cache.file())
        .addKeyValue("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .addKeyValue("s", Duration.ofNanos(System.nanoTime() - start).toSeconds())
        .log("Cache of classes for faster starts");
  }

  private static boolean hasMemory() throws IOException {
    var machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
      return machine.getTotalMemorySize() >= TOTAL_BYTES
          && lines
              .filter(line -> line.startsWith("MemAvailable:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .anyMatch(available -> available >= AVAILABLE_KIB);
    }
  }

  /** Gives it up; another start tries again. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(STOP_MILLIS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
