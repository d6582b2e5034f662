package io.vitrine.upkeep.cache;

import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs work on the cache's files on worker threads, and maps its failures to problems. */
record CacheDisk(Vertx vertx, CacheDirectory directory) {
  private static final Logger log = LoggerFactory.getLogger(CacheDisk.class);

  /** Work without a result. */
  interface Work {
    void run() throws IOException;
  }

  Future<Void> removeFiles(List<CachedImage> images) {
    return images.isEmpty()
        ? Future.succeededFuture()
        : run(
            () -> {
              for (var image : images) {
                directory.remove(image.key());
              }
            });
  }

  Future<Void> run(Work work) {
    return call(() -> {
          work.run();
          return true;
        })
        .mapEmpty();
  }

  <T> Future<T> call(Callable<T> work) {
    return vertx
        .executeBlocking(work, false)
        .map(Objects::requireNonNull)
        .recover(
            failure -> {
              log.atWarn()
                  .addKeyValue("error", failure.toString())
                  .log("The directory of the cache cannot be used");
              return Future.failedFuture(
                  unavailable("The cache cannot be used at the moment; try again later."));
            });
  }

  void inBackground(Work work) {
    run(work)
        .onFailure(
            failure ->
                log.atDebug()
                    .addKeyValue("error", failure.toString())
                    .log("An operation on the cache's files failed"));
  }
}
