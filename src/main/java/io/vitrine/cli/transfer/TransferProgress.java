package io.vitrine.cli.transfer;

import io.vitrine.cli.disk.ProgressBar;
import io.vitrine.cli.disk.ProgressLine;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Shows how far a transfer is: a bar on a terminal, else a line now and then. */
public final class TransferProgress {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  private final PrintWriter out;
  private final boolean isTerminal;

  /** Shows it there. */
  public TransferProgress(PrintWriter out, boolean isTerminal) {
    this.out = out;
    this.isTerminal = isTerminal;
  }

  /** Prints a line, in the place of the bar if there is one, which goes on below. */
  void say(String line) {
    out.println(isTerminal ? "\r%-72s".formatted(line) : line);
  }

  /** Something shown until it is closed. */
  interface Shown extends AutoCloseable {
    @Override
    void close();
  }

  /** Shows so many of all bytes from now on. */
  Shown show(long totalBytes, LongSupplier doneBytes) {
    var bar = new ProgressBar(totalBytes, System::nanoTime);
    if (isTerminal) {
      return ProgressLine.show(out, () -> bar.at(doneBytes.getAsLong()))::close;
    }
    var thread =
        Thread.ofPlatform()
            .daemon()
            .name("progress")
            .start(
                () -> {
                  try {
                    while (true) {
                      Thread.sleep(BETWEEN_LINES);
                      out.println(bar.at(doneBytes.getAsLong()));
                    }
                  } catch (InterruptedException closed) {
                    Thread.currentThread().interrupt();
                  }
                });
    return thread::interrupt;
  }
}
