package io.vitrine.importer.acquire;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vitrine.catalog.tasks.ImportProgress;
import io.vitrine.fetch.Fetcher;
import io.vitrine.fetch.WebStores;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.Causes;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.job.CountedFailure;
import io.vitrine.importer.job.Job;
import io.vitrine.net.address.Url;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Checks data that stays on another server. If the user claims a digest, the image becomes active
 * once the data has been verified; otherwise it becomes active at once and is hashed later.
 *
 * @param isHashed whether data is hashed at all; if not, claims are trusted
 */
public record LocationCheck(
    Vertx vertx,
    Context loop,
    WebStores stores,
    ImportProgress progress,
    long sizeCapBytes,
    boolean isHashed) {

  /**
   * Checks one location and makes the image active. Blocks until both are done.
   *
   * @throws io.vitrine.image.problem.ProblemException if the data does not match the user's claim
   */
  public void run(Job job, ImportMethod.AtLocation location) {
    var task = job.task();
    var claim = location.claim();
    var fetcher = fetcher(task, location.url());
    if (isHashed && claim.isPresent()) {
      var hashed = hash(job, fetcher, location.url(), claim.get().algorithm());
      requireSame(claim.get(), hashed.digests());
      progress.hashed(task, hashed.digests()).await();
      progress.located(task, hashed.sizeBytes(), Optional.empty()).await();
      return;
    }
    if (claim.isPresent()) {
      progress.hashed(task, toDigests(claim.get())).await();
    }
    progress
        .located(
            task,
            size(fetcher, location.url()),
            isHashed ? Optional.of(HashAlgorithm.SHA512.text()) : Optional.empty())
        .await();
    if (isHashed) {
      progress
          .hashed(task, hash(job, fetcher, location.url(), HashAlgorithm.SHA512).digests())
          .await();
    }
  }

  /** A fetcher with the rules of the store that the location belongs to. */
  private Fetcher fetcher(ImportTask task, Url url) {
    return task.copies().stream()
        .filter(blob -> blob.url().equals(Optional.of(url)))
        .findFirst()
        .map(blob -> stores.fetcher(blob.store()))
        .orElseThrow(() -> conflict("The image no longer has the location."));
  }

  private WebHash.Hashed hash(Job job, Fetcher fetcher, Url url, HashAlgorithm algorithm) {
    var hash = WebHash.start(vertx, loop, fetcher, url, algorithm, sizeCapBytes);
    job.begin(hash.meter(), hash::cancel);
    return ofSource(hash.done());
  }

  private static <T> T ofSource(Future<T> answer) {
    return answer
        .recover(failure -> Future.failedFuture(CountedFailure.ofSource(Causes.bare(failure))))
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
    var size = new CompletableFuture<OptionalLong>();
    loop.runOnContext(
        begin ->
            fetcher.length(url).onSuccess(size::complete).onFailure(size::completeExceptionally));
    long found = ofSource(Future.fromCompletionStage(size, vertx.getOrCreateContext())).orElse(-1);
    if (found < 0 || found > sizeCapBytes) {
      throw invalid("The server does not say how long the data is, or it is too long.");
    }
    return found;
  }
}
