package io.vitrine.cli;

import io.vitrine.cli.command.CommandException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Asks about the schema again until this program can use it, waiting cannot help, or the time is
 * up. Says what it waits for whenever that changes.
 */
final class SchemaWait {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Duration longest;
  private final Clock clock;
  private final Consumer<String> lines;

  /**
   * How time passes.
   *
   * @param nanoTime a clock like {@link System#nanoTime()}
   * @param pause waits for so long
   */
  record Clock(LongSupplier nanoTime, Consumer<Duration> pause) {
    static final Clock SYSTEM = new Clock(System::nanoTime, Clock::sleep);

    private static void sleep(Duration duration) {
      try {
        Thread.sleep(duration);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new CommandException("The wait for the database was interrupted.", interrupted);
      }
    }
  }

  /**
   * A wait that is not over yet.
   *
   * @param longest 0 asks once
   * @param lines receives what it waits for
   */
  SchemaWait(Duration longest, Clock clock, Consumer<String> lines) {
    this.longest = longest;
    this.clock = clock;
    this.lines = lines;
  }

  /** Returns the last finding. The last question may end after the time is up. */
  SchemaFinding until(Supplier<SchemaFinding> question) {
    long start = clock.nanoTime.getAsLong();
    var said = "";
    while (true) {
      var finding = question.get();
      var left = longest.minusNanos(clock.nanoTime.getAsLong() - start);
      if (!finding.mayPass() || !left.isPositive()) {
        return finding;
      }
      if (!finding.line().equals(said)) {
        lines.accept("Waiting for up to %d s: %s".formatted(left.toSeconds(), finding.line()));
        said = finding.line();
      }
      clock.pause.accept(left.compareTo(INTERVAL) < 0 ? left : INTERVAL);
    }
  }
}
