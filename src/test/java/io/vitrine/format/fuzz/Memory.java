package io.vitrine.format.fuzz;

import com.sun.management.ThreadMXBean;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** Watches how much memory the current thread takes, whether or not it gives it back. */
public final class Memory {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Memory() {}

  /** Something that may take memory. */
  @FunctionalInterface
  public interface Step<T> {
    /** Takes it. */
    T run() throws IOException;
  }

  /** A step took too much memory. */
  public static final class ExceededError extends AssertionError {
    private ExceededError(long takenBytes, long maxBytes) {
      super("took %d bytes of memory, more than %d".formatted(takenBytes, maxBytes));
    }
  }

  /** Takes a step, which fails if it takes more memory. */
  public static <T> T bounded(long maxBytes, Step<T> step) throws IOException {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      var result = step.run();
      requireBelow(maxBytes, before);
      return result;
    } catch (InvalidImageException refused) {
      requireBelow(maxBytes, before);
      throw refused;
    }
  }

  private static void requireBelow(long maxBytes, long before) {
    long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (taken > maxBytes) {
      throw new ExceededError(taken, maxBytes);
    }
  }
}
