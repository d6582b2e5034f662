package io.vitrine.store;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Future;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.location.HashClaim;
import io.vitrine.transfer.bus.Message;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Everything that is computed over a transfer's data, in parallel: digests and inspection of image
 * data, and the digests that the sender expects. Data of no image yet gets one digest, so that its
 * reader can verify it.
 */
final class TransferInspection implements StreamInspection {
  private final Optional<ImageInspection> content;
  private final List<Expected> expected;
  private final Optional<StreamDigest> only;

  /** A digest that is computed only because the sender expects it. */
  private record Expected(HashClaim claim, StreamDigest digest) {}

  TransferInspection(Executor pool, Optional<ImageInspection> content, List<HashClaim> claims) {
    this.content = content;
    this.only =
        content.isPresent()
            ? Optional.empty()
            : Optional.of(new StreamDigest(pool, HashAlgorithm.SHA512));
    this.expected =
        claims.stream()
            .map(claim -> new Expected(claim, new StreamDigest(pool, claim.algorithm())))
            .toList();
  }

  @Override
  public void take(ByteBuffer[] data, Countdown work) {
    content.ifPresent(image -> image.take(data, work));
    only.ifPresent(digest -> digest.take(data, work));
    expected.forEach(each -> each.digest.take(data, work));
  }

  /** Fails also if the data does not match an expected digest. */
  @Override
  public Future<Message.Written> finish(long size) {
    var written =
        content
            .map(image -> image.finish(size))
            .orElseGet(() -> only.orElseThrow().finish().map(sha -> hashed(size, sha)));
    for (var each : expected) {
      var known = written;
      // A mismatch with the sender's digest is reported before faults of the content.
      written = each.digest.finish().compose(digest -> require(each.claim, digest, known));
    }
    return written;
  }

  private static Message.Written hashed(long size, byte[] sha512) {
    var digests = new Digests(null, HashAlgorithm.SHA512, HexFormat.of().formatHex(sha512));
    return new Message.Written(size, Optional.of(digests), Optional.empty());
  }

  /** The result, if the digest is the expected one. */
  private static Future<Message.Written> require(
      HashClaim claim, byte[] digest, Future<Message.Written> written) {
    var found = HexFormat.of().formatHex(digest);
    return found.equals(claim.value())
        ? written
        : Future.failedFuture(invalid(claim.mismatch(found)));
  }
}
