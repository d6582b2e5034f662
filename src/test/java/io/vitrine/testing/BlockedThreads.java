package io.vitrine.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.internal.threadchecker.BlockedThreadChecker;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Fails every test class during which Vert.x warned that a thread was blocked. */
public final class BlockedThreads implements AfterAllCallback {
  private static final List<String> WARNINGS = new CopyOnWriteArrayList<>();

  static {
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (!isStarved()) {
              WARNINGS.add(event.getFormattedMessage());
            }
          }
        };
    appender.start();
    ((Logger) LoggerFactory.getLogger(BlockedThreadChecker.class)).addAppender(appender);
  }

  /** Where many others want the processors, threads wait without being blocked. */
  private static boolean isStarved() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    return system.getSystemLoadAverage() > 3 * system.getAvailableProcessors();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    var seen = List.copyOf(WARNINGS);
    WARNINGS.clear();
    if (!seen.isEmpty()) {
      throw new AssertionError("threads were blocked: " + seen);
    }
  }
}
