package io.vitrine.store;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Computes one digest of a stream, in parallel with the others. */
final class DigestLane {
  private final Lane lane;
  private final MessageDigest digest;

  DigestLane(Executor pool, String algorithm) {
    this.lane = new Lane(pool);
    try {
      this.digest = MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java has " + algorithm, impossible);
    }
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
