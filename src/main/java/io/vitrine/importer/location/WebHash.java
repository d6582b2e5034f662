package io.vitrine.importer.location;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vitrine.fetch.ResumingBody;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.importer.run.Step;
import io.vitrine.importer.run.StepMeter;
import io.vitrine.net.stream.WindowedSink;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hashes the data at a URL. The data is fetched on an event loop and pauses while worker threads
 * hash it.
 */
final class WebHash extends WindowedSink {
  private static final long MAX_WAITING_BYTES = 4 << 20;

  private final Vertx vertx;
  private final Context loop;
  private final long maxBytes;
  private final HashAlgorithm algorithm;
  private final MessageDigest md5 = HashAlgorithm.MD5.begin();
  private final MessageDigest sha256 = HashAlgorithm.SHA256.begin();
  private final MessageDigest strong;
  private final Promise<Hashed> done = Promise.promise();
  private final AtomicLong takenBytes = new AtomicLong();
  private volatile OptionalLong totalBytes = OptionalLong.empty();
  private @Nullable ResumingBody source;

  private WebHash(Context loop, HashAlgorithm algorithm, long maxBytes) {
    super(MAX_WAITING_BYTES);
    this.vertx = loop.owner();
    this.loop = loop;
    this.algorithm = algorithm;
    this.maxBytes = maxBytes;
    this.strong = algorithm.begin();
  }

  /** The data's length and digests. */
  record Hashed(long sizeBytes, Digests digests) {}

  /** Starts fetching from the source and hashing. */
  static WebHash start(
      Context loop, Supplier<Future<ResumingBody>> source, HashAlgorithm algorithm, long maxBytes) {
    var hash = new WebHash(loop, algorithm, maxBytes);
    loop.runOnContext(
        begin ->
            source
                .get()
                .compose(hash::take)
                .onFailure(hash.done::tryFail)
                .onSuccess(hash.done::tryComplete));
    return hash;
  }

  Future<Hashed> done() {
    return done.future();
  }

  /** The progress. */
  StepMeter meter() {
    return StepMeter.of(Step.Simple.HASHING, takenBytes::get, () -> totalBytes);
  }

  /** Stops fetching. */
  void cancel() {
    loop.runOnContext(later -> fail(new Problem.Interrupted("The hashing was cancelled.")));
  }

  private void fail(Problem problem) {
    done.tryFail(new ProblemException(problem));
    if (source != null) {
      source.cancel();
    }
  }

  private Future<Hashed> take(ResumingBody body) {
    source = body;
    totalBytes = body.totalBytes();
    return body.pipe()
        .endOnFailure(false)
        .to(this)
        .onFailure(broken -> body.cancel())
        .compose(
            read ->
                vertx.executeBlocking(
                    () ->
                        new Hashed(
                            takenBytes.get(),
                            new Digests(
                                HexFormat.of().formatHex(md5.digest()),
                                algorithm,
                                HexFormat.of().formatHex(strong.digest()),
                                HexFormat.of().formatHex(sha256.digest())))));
  }

  /** Blocking tasks of one context run in order. */
  @Override
  public Future<Void> write(Buffer data) {
    if (takenBytes.addAndGet(data.length()) > maxBytes) {
      fail(
          new Problem.TooLarge(
              "The image is larger than the %d bytes allowed.".formatted(maxBytes)));
    }
    occupy(data.length());
    return vertx
        .executeBlocking(
            () -> {
              var bytes = data.getBytes();
              md5.update(bytes);
              sha256.update(bytes);
              strong.update(bytes);
              return bytes.length;
            })
        .map(
            length -> {
              free(length);
              return null;
            });
  }

  @Override
  public Future<Void> end() {
    return Future.succeededFuture();
  }
}
