package io.vitrine.importer.location;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vitrine.catalog.tasks.LocationResults;
import io.vitrine.fetch.Fetcher;
import io.vitrine.fetch.WebStores;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.Causes;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.LocationTask;
import io.vitrine.importer.run.SourceFailure;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.net.address.Url;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Checks data that stays on another server. If the user claims a digest, the image becomes active
 * once the data has been verified; otherwise it becomes active at once and is hashed later.
 *
 * @param isHashed whether data is hashed at all; if not, claims are trusted
 */
public record LocationCheck(
    Context loop, WebStores stores, LocationResults results, long sizeCapBytes, boolean isHashed) {

  /**
   * Checks the location and makes the image active. Blocks until both are done.
   *
   * @throws ProblemException if the data does not match the user's claim
   */
  public void run(TaskRun<LocationTask> run) {
    var task = run.task();
    var claim = task.claim();
    var fetcher = fetcher(task);
    if (isHashed && claim.isPresent()) {
      var hashed = hash(run, fetcher, claim.get().algorithm());
      requireSame(claim.get(), hashed.digests());
      results.hashed(task, hashed.digests()).await();
      results.located(task, hashed.sizeBytes(), Optional.empty()).await();
      return;
    }
    if (claim.isPresent()) {
      results.hashed(task, toDigests(claim.get())).await();
    }
    var algorithm = isHashed ? Optional.of(HashAlgorithm.SHA512.text()) : Optional.<String>empty();
    results.located(task, size(fetcher, task.url()), algorithm).await();
    if (isHashed) {
      results.hashed(task, hash(run, fetcher, HashAlgorithm.SHA512).digests()).await();
    }
  }

  /** A fetcher with the rules of the store that the location belongs to. */
  private Fetcher fetcher(LocationTask task) {
    return task.copies().stream()
        .filter(blob -> blob.url().equals(Optional.of(task.url())))
        .findFirst()
        .map(blob -> stores.fetcher(blob.store()))
        .orElseThrow(() -> conflict("The image no longer has the location."));
  }

  private WebHash.Hashed hash(TaskRun<LocationTask> run, Fetcher fetcher, HashAlgorithm algorithm) {
    var url = run.task().url();
    var hash = WebHash.start(loop, () -> fetcher.download(url), algorithm, sizeCapBytes);
    run.begin(hash.meter(), hash::cancel);
    return ofSource(hash.done());
  }

  private static <T> T ofSource(Future<T> answer) {
    return answer
        .recover(failure -> Future.failedFuture(SourceFailure.ofSource(Causes.bare(failure))))
        .await();
  }

  private static void requireSame(HashClaim claim, Digests found) {
    if (!claim.value().equals(found.value())) {
      throw invalid("The data at the location does not have the hash that was given.");
    }
  }

  private static Digests toDigests(HashClaim claim) {
    var md5 = claim.algorithm() == HashAlgorithm.MD5 ? claim.value() : null;
    var sha256 = claim.algorithm() == HashAlgorithm.SHA256 ? claim.value() : null;
    return new Digests(md5, claim.algorithm(), claim.value(), sha256);
  }

  private long size(Fetcher fetcher, Url url) {
    var size = Promise.<OptionalLong>promise();
    loop.runOnContext(begin -> fetcher.length(url).onSuccess(size::complete).onFailure(size::fail));
    long found = ofSource(size.future()).orElse(-1);
    if (found < 0 || found > sizeCapBytes) {
      throw invalid("The server does not say how long the data is, or it is too long.");
    }
    return found;
  }
}
