package io.vitrine.cli.transfer;

import io.vitrine.cli.command.CommandException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;

/** For how long to try again while nothing comes of it. Pauses grow up to half a minute. */
final class Patience {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Duration total;
  private final Duration silence;
  private Duration pause = FIRST;
  private long sinceNanos = System.nanoTime();

  /**
   * Patience from now on.
   *
   * @param total how long to try without any success
   * @param silence how long a connection may be silent
   */
  Patience(Duration total, Duration silence) {
    this.total = total;
    this.silence = silence;
  }

  Duration silence() {
    return silence;
  }

  /** The same, from now on. */
  Patience anew() {
    return new Patience(total, silence);
  }

  /** Begins anew, as something has come of it. */
  void renew() {
    pause = FIRST;
    sinceNanos = System.nanoTime();
  }

  /** Waits before another attempt; fails if it has been long enough. */
  void pause(IOException reason) throws InterruptedException {
    if (System.nanoTime() - sinceNanos > total.toNanos()) {
      throw new CommandException(
          "Given up after %d s: %s.".formatted(total.toSeconds(), words(reason)));
    }
    Thread.sleep(pause);
    pause = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
  }

  private static String words(IOException reason) {
    return Objects.requireNonNullElse(reason.getMessage(), "the connection was refused or broke");
  }
}
