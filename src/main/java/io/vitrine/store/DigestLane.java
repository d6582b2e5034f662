package io.vitrine.store;

import io.vitrine.image.HashAlgorithm;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Computes one digest of a stream, in parallel with the others. */
final class DigestLane {
  private final Lane lane;
  private final MessageDigest digest;

  DigestLane(Executor pool, HashAlgorithm algorithm) {
    this.lane = new Lane(pool);
    this.digest = algorithm.begin();
  }

  /** Adds data; runs {@code done} in the same lane afterwards. */
  void take(ByteBuffer[] data, Runnable done) {
    lane.run(
        () -> {
          for (var piece : data) {
            digest.update(piece.duplicate());
          }
          done.run();
        });
  }

  /** The digest of all data. */
  CompletableFuture<byte[]> finish() {
    var value = new CompletableFuture<byte[]>();
    lane.run(() -> value.complete(digest.digest()));
    return value;
  }
}
