package io.vitrine.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vitrine.image.HashAlgorithm;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.Executor;

/** Computes one digest of a stream, in parallel with the others. */
final class StreamDigest {
  private final SerialExecutor steps;
  private final MessageDigest digest;

  StreamDigest(Executor pool, HashAlgorithm algorithm) {
    this.steps = new SerialExecutor(pool);
    this.digest = algorithm.begin();
  }

  /** Adds data as a part of the work on it. */
  void take(ByteBuffer[] data, Countdown work) {
    take(data, work, () -> {});
  }

  /** Adds data, then runs an action, which never overlaps with those of other data. */
  void take(ByteBuffer[] data, Countdown work, Runnable then) {
    var done = work.join();
    steps.run(
        () -> {
          for (var piece : data) {
            digest.update(piece.duplicate());
          }
          then.run();
          done.run();
        });
  }

  /** The digest of all data; completes on a thread of the pool. */
  Future<byte[]> finish() {
    var value = Promise.<byte[]>promise();
    steps.run(() -> value.complete(digest.digest()));
    return value.future();
  }
}
