package io.vitrine.store;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.location.HashClaim;
import io.vitrine.transfer.bus.Message;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Everything that is computed over a transfer's data, in parallel: digests and inspection of image
 * data, and the digests that the sender expects. Data of no image yet gets one digest, so that its
 * reader can verify it.
 */
final class DataLanes {
  private final Optional<ContentLanes> content;
  private final List<Expected> expected;
  private final Optional<DigestLane> only;

  /** A digest that is computed only because the sender expects it. */
  private record Expected(HashClaim claim, DigestLane lane) {}

  DataLanes(Executor pool, Optional<ContentLanes> content, List<HashClaim> claims) {
    this.content = content;
    this.only =
        content.isPresent()
            ? Optional.empty()
            : Optional.of(new DigestLane(pool, HashAlgorithm.SHA512));
    this.expected =
        claims.stream()
            .map(claim -> new Expected(claim, new DigestLane(pool, claim.algorithm())))
            .toList();
  }

  /** How many lanes call {@code done} for each chunk. */
  int count() {
    return content.map(ContentLanes::count).orElse(1) + expected.size();
  }

  void take(ByteBuffer[] data, Runnable done) {
    content.ifPresent(lanes -> lanes.take(data, done));
    only.ifPresent(lane -> lane.take(data, done));
    expected.forEach(each -> each.lane.take(data, done));
  }

  /** The result of all data; fails if it may not be stored or does not match an expected digest. */
  CompletableFuture<Message.Written> finish(long size) {
    var written =
        content
            .map(lanes -> lanes.finish(size))
            .orElseGet(() -> only.orElseThrow().finish().thenApply(sha -> hashed(size, sha)));
    for (var each : expected) {
      var compared = each.lane.finish().thenAccept(digest -> require(each.claim, digest));
      // A mismatch with the sender's digest is reported before faults of the content.
      written = compared.thenCombine(written, (same, known) -> known);
    }
    return written;
  }

  private static Message.Written hashed(long size, byte[] sha512) {
    var digests = new Digests(null, HashAlgorithm.SHA512, HexFormat.of().formatHex(sha512));
    return new Message.Written(size, Optional.of(digests), Optional.empty());
  }

  private static void require(HashClaim claim, byte[] digest) {
    var found = HexFormat.of().formatHex(digest);
    if (!found.equals(claim.value())) {
      throw invalid(claim.mismatch(found));
    }
  }
}
