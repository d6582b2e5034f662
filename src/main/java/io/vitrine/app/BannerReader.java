package io.vitrine.app;

import io.vertx.core.Promise;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Pattern;

/** Learns from what a server prints where it serves. */
final class BannerReader extends StringWriter {
  private static final Pattern SERVES = Pattern.compile(" at http://127\\.0\\.0\\.1:(\\d+) ");

  private final Promise<Integer> port;

  /** Completes the port as soon as it is printed. */
  BannerReader(Promise<Integer> port) {
    this.port = port;
  }

  /** What the server prints to. */
  PrintWriter printer() {
    return new PrintWriter(this, true);
  }

  @Override
  public void flush() {
    var found = SERVES.matcher(toString());
    if (found.find()) {
      port.tryComplete(Integer.parseInt(found.group(1)));
    }
  }
}
