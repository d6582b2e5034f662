package io.vitrine.store;

import static io.vitrine.image.problem.ProblemException.checksumMismatch;

import io.vertx.core.Future;
import io.vitrine.image.location.HashClaim;
import io.vitrine.transfer.bus.Message;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Executor;

/** What the data of one transfer must hash to. */
record TransferChecksum(HashClaim claim, StreamDigest digest) {
  /** The checksum that the sender has claimed, if any. */
  static Optional<TransferChecksum> of(Message.Resumption resumption, Executor hashing) {
    return resumption
        .checksum()
        .map(claim -> new TransferChecksum(claim, new StreamDigest(hashing, claim.algorithm())));
  }

  /** Fails if the data, all of which has been taken, hashes to something else. */
  Future<Void> verify() {
    return digest
        .finish()
        .map(found -> HexFormat.of().formatHex(found))
        .compose(
            found ->
                found.equals(claim.value())
                    ? Future.succeededFuture()
                    : Future.failedFuture(checksumMismatch(claim.mismatch(found))));
  }
}
