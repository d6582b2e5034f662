package io.vitrine.importer.engine;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A conversion on a thread of its own. Once stopped, it fails for the reason it was stopped for,
 * whatever else goes wrong because of that.
 */
public abstract class RunningConversion implements Conversion {
  private static final Logger LOG = LoggerFactory.getLogger(Conversion.class);

  private final DiskImage source;
  private final DiskImage target;
  private final Promise<Void> done = Promise.promise();
  private @Nullable Problem stopped;

  /** Set before anybody can stop it. */
  private @Nullable Thread thread;

  /** Converts a source to a target, a file that does not exist yet. */
  protected RunningConversion(DiskImage source, DiskImage target) {
    this.source = source;
    this.target = target;
  }

  /** Converts. Nothing is written to the target after it has returned or failed. */
  protected abstract void convert() throws IOException, InterruptedException;

  /** Makes {@link #convert}, which runs on the thread, fail soon. Called while this is locked. */
  protected abstract void interrupt(Thread thread);

  /** Starts the thread, and stops it when its time is up. */
  public final Conversion start(Duration wallClockTime) {
    start();
    stopAfter(wallClockTime);
    return this;
  }

  /** Starts the thread. */
  public final void start() {
    var thread = Thread.ofPlatform().name("vitrine-conversion").daemon().unstarted(this::run);
    this.thread = thread;
    thread.start();
  }

  /** What is converted. */
  protected final DiskImage source() {
    return source;
  }

  /** What it is converted to. */
  protected final DiskImage target() {
    return target;
  }

  @Override
  public final Future<Void> done() {
    return done.future();
  }

  @Override
  public final void cancel() {
    stop(new Problem.Gone("The conversion was cancelled."));
  }

  /** Stops the conversion unless it is done by then. */
  public final void stopAfter(Duration wallClockTime) {
    Thread.ofVirtual()
        .name("vitrine-conversion-limit")
        .start(
            () -> {
              try {
                done.future()
                    .otherwiseEmpty()
                    .await(wallClockTime.toMillis(), TimeUnit.MILLISECONDS);
              } catch (TimeoutException late) {
                stop(new Problem.TooLarge("Converting the image took longer than allowed."));
              }
            });
  }

  private synchronized void stop(Problem reason) {
    if (stopped == null && thread != null) {
      stopped = reason;
      interrupt(thread);
    }
  }

  /** Why it was stopped; empty if it was not. */
  protected final synchronized Optional<ProblemException> whyStopped() {
    return Optional.ofNullable(stopped).map(ProblemException::new);
  }

  private void run() {
    attempt()
        .ifPresentOrElse(
            failure -> {
              removeTarget();
              done.fail(failure);
            },
            done::complete);
  }

  /** Converts; why it failed, or empty if it did not. */
  private Optional<Throwable> attempt() {
    try {
      convert();
      return whyStopped().map(Throwable.class::cast);
    } catch (Throwable failure) { // errors too, for which an import would wait forever
      var stop = whyStopped();
      var reason = stop.isPresent() ? stop.get() : ConversionFailure.of(failure, source.format());
      LOG.atInfo()
          .addKeyValue("format", source.format())
          .addKeyValue("reason", reason.getMessage())
          .addKeyValue("error", failure.toString())
          .log("A conversion failed");
      return Optional.of(reason);
    }
  }

  private void removeTarget() {
    try {
      Files.deleteIfExists(target.file());
    } catch (IOException undeletable) {
      LOG.atWarn()
          .addKeyValue("error", undeletable.toString())
          .log("Cannot remove the target of a failed conversion");
    }
  }
}
