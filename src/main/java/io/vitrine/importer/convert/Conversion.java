package io.vitrine.importer.convert;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running conversion. Unless it succeeds, both the process and the target file are gone when it
 * ends.
 */
public final class Conversion {
  private static final Logger LOG = LoggerFactory.getLogger(Conversion.class);

  private final ProcessBuilder builder;
  private final Path target;
  private final String sourceFormat;
  private final ConversionOutput output;
  private final Promise<Void> done = Promise.promise();
  private @Nullable Process process;
  private @Nullable Problem stopped;

  /**
   * What to convert.
   *
   * @param percent receives the percentage done
   */
  record Order(String sourceFormat, Path target, DoubleConsumer percent) {}

  private Conversion(ProcessBuilder builder, Order order) {
    this.builder = builder;
    this.target = order.target;
    this.sourceFormat = order.sourceFormat;
    this.output = new ConversionOutput(order.percent);
  }

  /** Starts the process on a thread that lives as long as the process: see {@link Sandbox}. */
  static Conversion start(ProcessBuilder builder, Duration wallClockTime, Order order) {
    var conversion = new Conversion(builder, order);
    Thread.ofPlatform().name("vitrine-conversion").daemon().start(conversion::run);
    conversion.stopAfter(wallClockTime);
    return conversion;
  }

  /**
   * Completes when the target is complete. Otherwise it fails with a {@link ProblemException},
   * always after the process has ended.
   */
  public Future<Void> done() {
    return done.future();
  }

  /** Kills the process; {@link #done} then fails with {@link Problem.Gone}. */
  public void cancel() {
    stop(new Problem.Gone("The conversion was cancelled."));
  }

  private void stopAfter(Duration wallClockTime) {
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
    if (stopped == null) {
      stopped = reason;
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }

  private void run() {
    try {
      var started = begin();
      output.readAll(started.getInputStream());
      finish(started.waitFor());
    } catch (IOException | InterruptedException | RuntimeException failure) {
      // Reading the output may fail because the process was killed.
      var reason =
          whyStopped().orElseGet(() -> new Problem.Unavailable("The converter does not work."));
      LOG.atInfo()
          .addKeyValue("format", sourceFormat)
          .addKeyValue("reason", reason.detail())
          .addKeyValue("error", failure.toString())
          .log("A conversion broke");
      fail(new ProblemException(reason));
    }
  }

  private synchronized Process begin() throws IOException {
    var started = builder.start();
    process = started;
    if (stopped != null) {
      started.destroyForcibly();
    }
    return started;
  }

  private synchronized Optional<Problem> whyStopped() {
    return Optional.ofNullable(stopped);
  }

  private void finish(int exitStatus) {
    var reason = whyStopped();
    if (exitStatus == 0 && reason.isEmpty()) {
      done.complete();
      return;
    }
    var failure =
        reason
            .map(ProblemException::new)
            .orElseGet(() -> ConversionFailure.of(exitStatus, output.message(), sourceFormat));
    LOG.atInfo()
        .addKeyValue("format", sourceFormat)
        .addKeyValue("status", exitStatus)
        .addKeyValue("reason", failure.problem().detail())
        .addKeyValue("error", output.message().strip().replace('\n', '|'))
        .log("A conversion failed");
    fail(failure);
  }

  private void fail(ProblemException failure) {
    endProcess();
    try {
      Files.deleteIfExists(target);
    } catch (IOException undeletable) {
      LOG.atWarn()
          .addKeyValue("error", undeletable.toString())
          .log("Cannot remove the target of a failed conversion");
    }
    done.fail(failure);
  }

  /** Ends the process before the target is released, since the process can still write to it. */
  private synchronized void endProcess() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }
}
