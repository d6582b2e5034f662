package io.vitrine.cli.disk;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * The text of a progress bar: percent, bar, speed and time left. Speed is that of the last seconds.
 * Not safe for concurrent use.
 */
public final class ProgressBar {
  /** The most columns that a text takes. */
  static final int COLUMNS = 72;

  private static final int CELLS = 30;
  private static final double MIB = 1 << 20;

  /** Holes are as good as done, so the speed may be anything. */
  private static final double MOST_MIB_PER_SECOND = 9_999_999;

  private static final double NANOS_PER_SECOND = 1e9;
  private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long LONGEST_SECONDS = Duration.ofHours(100).toSeconds();

  private final long totalBytes;
  private final LongSupplier nanoClock;
  private final Deque<Sample> samples = new ArrayDeque<>();

  /** What was done by a time. */
  private record Sample(long nanos, long doneBytes) {}

  /**
   * Begins with nothing done.
   *
   * @param nanoClock such as {@link System#nanoTime}
   */
  public ProgressBar(long totalBytes, LongSupplier nanoClock) {
    this.totalBytes = totalBytes;
    this.nanoClock = nanoClock;
    samples.add(new Sample(nanoClock.getAsLong(), 0));
  }

  /** The text for so many bytes done now. */
  public String at(long doneBytes) {
    var now = new Sample(nanoClock.getAsLong(), doneBytes);
    samples.add(now);
    while (now.nanos() - samples.getFirst().nanos() > WINDOW_NANOS) {
      samples.removeFirst();
    }
    double share = totalBytes == 0 ? 1 : Math.min(1, doneBytes / (double) totalBytes);
    double bytesPerSecond = bytesPerSecond(samples.getFirst(), now);
    int filled = (int) (share * CELLS);
    return String.format(
        Locale.ROOT,
        "%3d %% [%s%s] %8.1f MiB/s %8s left",
        (int) (share * 100),
        "#".repeat(filled),
        "-".repeat(CELLS - filled),
        Math.min(MOST_MIB_PER_SECOND, bytesPerSecond / MIB),
        timeLeft((totalBytes - doneBytes) / bytesPerSecond));
  }

  private static double bytesPerSecond(Sample first, Sample now) {
    double seconds = (now.nanos() - first.nanos()) / NANOS_PER_SECOND;
    return seconds == 0 ? 0 : (now.doneBytes() - first.doneBytes()) / seconds;
  }

  /** Hours, minutes and seconds, unless they are unknown (not a number) or too many to say. */
  private static String timeLeft(double seconds) {
    if (!(seconds < LONGEST_SECONDS)) {
      return "-:--:--";
    }
    long left = (long) Math.ceil(Math.max(0, seconds));
    return "%d:%02d:%02d".formatted(left / 3600, left / 60 % 60, left % 60);
  }
}
