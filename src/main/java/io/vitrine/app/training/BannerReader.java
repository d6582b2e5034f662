package io.vitrine.app.training;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Learns from what a server prints where it serves. */
final class BannerReader extends StringWriter {
  private static final Pattern SERVES = Pattern.compile(" at http://127\\.0\\.0\\.1:(\\d+) ");

  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile int port;

  /** What the server prints to. */
  PrintWriter printer() {
    return new PrintWriter(this, true);
  }

  @Override
  public void flush() {
    var found = SERVES.matcher(toString());
    if (found.find()) {
      port = Integer.parseInt(found.group(1));
      settled.countDown();
    }
  }

  /** Nothing more will be printed. */
  void end() {
    settled.countDown();
  }

  /** The port, once it was printed. Blocks. */
  int awaitPort(Duration limit) throws IOException, InterruptedException {
    awaitSettled(limit);
    if (port == 0) {
      throw new IOException("the server does not serve");
    }
    return port;
  }

  /** Waits until the server serves or has ended. */
  void awaitSettled(Duration limit) throws InterruptedException {
    if (!settled.await(limit.toSeconds(), TimeUnit.SECONDS)) {
      end();
    }
  }
}
