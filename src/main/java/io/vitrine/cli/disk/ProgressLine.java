package io.vitrine.cli.disk;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** A line of a terminal that is rewritten several times a second, and cleared when it is closed. */
public final class ProgressLine implements AutoCloseable {
  static final long INTERVAL_MILLIS = 200;

  private final PrintWriter terminal;
  private final Supplier<String> text;
  private final Thread thread;
  private boolean isShown = true;

  private ProgressLine(PrintWriter terminal, Supplier<String> text) {
    this.terminal = terminal;
    this.text = text;
    thread = Thread.ofPlatform().daemon().name("progress").unstarted(this::refresh);
  }

  /**
   * Shows a line from now on, in a thread of its own.
   *
   * @param text gives at most {@link ProgressBar#COLUMNS} characters
   */
  public static ProgressLine show(PrintWriter terminal, Supplier<String> text) {
    var line = new ProgressLine(terminal, text);
    line.thread.start();
    return line;
  }

  /**
   * Whether the error stream of this process is a terminal, which can show such a line. {@link
   * java.io.Console#isTerminal} tells of the other two streams only.
   */
  public static boolean isErrTerminal() {
    try {
      var device = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException unknown) {
      return false;
    }
  }

  /** The thread that rewrites the line; it ends soon after the line is closed. */
  Thread thread() {
    return thread;
  }

  private synchronized void refresh() {
    try {
      while (isShown) {
        print(text.get());
        wait(INTERVAL_MILLIS);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void close() {
    isShown = false;
    notifyAll();
    print("");
    terminal.print("\r");
    terminal.flush();
  }

  /** Replaces the line without control sequences, which not every terminal knows. */
  private void print(String line) {
    terminal.print("\r" + line + " ".repeat(ProgressBar.COLUMNS - line.length()));
    terminal.flush();
  }
}
