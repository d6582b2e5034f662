package io.vitrine.app.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The request to stop this process. It is heard from before the start on, because the server may
 * serve before its start has returned; one that arrives earlier ends a wait for the database at
 * once, or the server right after its start.
 */
public final class StopRequest {
  private static final int FAILURE = 1;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile Runnable hurry = () -> Runtime.getRuntime().halt(FAILURE);

  StopRequest() {}

  /**
   * Hears the signals that ask to stop, and keeps the process until it has stopped.
   *
   * @param longest how long it is kept at most
   */
  public static StopRequest ofThisProcess(Duration longest) {
    var request = new StopRequest();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> request.end(longest)));
    Signals.onStop(request::signal);
    return request;
  }

  /** Has later signals run an action; until then, the second one ends the process at once. */
  public void hurryBy(Runnable action) {
    hurry = action;
  }

  /** Asks to stop, or to hurry if that has been asked for; as a signal does. */
  void signal() {
    if (asked.getCount() == 0) {
      hurry.run();
    }
    ask();
  }

  /** Asks to stop. */
  public void ask() {
    asked.countDown();
  }

  /** Returns once it has been asked for. */
  public void await() throws InterruptedException {
    asked.await();
  }

  /**
   * Waits for so long.
   *
   * @throws AskedException as soon as it has been asked for
   */
  public void pause(Duration time) throws AskedException, InterruptedException {
    if (asked.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AskedException();
    }
  }

  /** The process was asked to stop before it had started. */
  public static final class AskedException extends Exception {
    private static final long serialVersionUID = 1;

    private AskedException() {
      super("asked to stop");
    }
  }

  /** Says that everything is stopped. */
  public void done() {
    stopped.countDown();
  }

  private void end(Duration longest) {
    ask();
    try {
      if (!stopped.await(longest.toSeconds(), TimeUnit.SECONDS)) {
        System.err.println("Not everything could be stopped in time.");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
