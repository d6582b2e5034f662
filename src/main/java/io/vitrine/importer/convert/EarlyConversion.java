package io.vitrine.importer.convert;

import io.vertx.core.Future;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.importer.blob.ArrivingBytes;
import io.vitrine.importer.blob.FileHash;
import io.vitrine.importer.engine.RunningConversion;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conversion of one download while it arrives. What is read is hashed too, since the result
 * counts only for the data that was staged.
 */
final class EarlyConversion {
  private static final Logger LOG = LoggerFactory.getLogger(EarlyConversion.class);

  private final EarlyTarget target;
  private final Function<ArrivingBytes, RunningConversion> converting;
  private @Nullable Running running;
  private boolean isStopped;

  /**
   * The readers of the data.
   *
   * @param done the time from the arrival of the last byte to the end of both
   */
  private record Running(
      ArrivingBytes bytes, RunningConversion conversion, FileHash hash, Future<Duration> done) {
    static Running of(ArrivingBytes bytes, RunningConversion conversion) {
      var hash = FileHash.start(bytes::inOrder, HashAlgorithm.SHA512);
      return new Running(
          bytes,
          conversion,
          hash,
          Future.all(conversion.done(), hash.done())
              .map(both -> Duration.ofNanos(System.nanoTime() - bytes.arrivedNanos())));
    }

    Digests digests() {
      return new Digests(null, HashAlgorithm.SHA512, hash.done().result());
    }

    void stop() {
      conversion.cancel();
      hash.cancel();
      bytes.failed(new IOException("the conversion was stopped"));
    }
  }

  /**
   * Converts to a target.
   *
   * @param converting makes the conversion of an arriving file, without starting it
   */
  EarlyConversion(EarlyTarget target, Function<ArrivingBytes, RunningConversion> converting) {
    this.target = target;
    this.converting = converting;
  }

  /** Begins to read. May be called on any thread. */
  synchronized void begin(ArrivingBytes bytes) {
    if (isStopped) {
      close(bytes);
      return;
    }
    var conversion = converting.apply(bytes);
    running = Running.of(bytes, conversion);
    conversion.start();
  }

  private synchronized @Nullable Running running() {
    return running;
  }

  /** Whether it has begun and was not stopped. */
  synchronized boolean isOfUse() {
    return running != null && !isStopped;
  }

  /** How much is done, from 0 to 100. */
  double percent() {
    var current = running();
    return current == null ? 0 : current.conversion.percent();
  }

  /**
   * The converted image.
   *
   * @param target where it is
   * @param afterLastByte the time from the arrival of the last byte until it was there
   */
  record Result(EarlyTarget target, Duration afterLastByte) {}

  /**
   * The result, if all went well and the data has these digests. Blocks until it is done.
   *
   * @param staged the digests of the data
   */
  Optional<Result> result(Optional<Digests> staged) {
    var current = running();
    if (current == null || staged.isEmpty()) {
      return Optional.empty();
    }
    target.timeLimit().ifPresent(current.conversion::stopAfter);
    return current
        .done
        .map(Optional::of)
        .otherwise(Optional.empty())
        .await()
        .filter(done -> staged.get().agreesWith(current.digests()))
        .map(afterLastByte -> new Result(target, afterLastByte));
  }

  /** Makes it fail soon, unless it is done. */
  synchronized void stop() {
    isStopped = true;
    if (running != null) {
      running.stop();
    }
  }

  /** Stops it. Blocks until nothing is read or written. */
  void end() {
    stop();
    var current = running();
    if (current != null) {
      Future.join(current.conversion.done(), current.hash.done()).otherwiseEmpty().await();
      close(current.bytes);
      target.discard();
    }
  }

  private static void close(ArrivingBytes bytes) {
    try {
      bytes.close();
    } catch (IOException failure) {
      LOG.atInfo().addKeyValue("error", failure.toString()).log("Cannot close a file");
    }
  }
}
