package io.vitrine.upkeep.garbage;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vitrine.catalog.audit.AuditRecords;
import io.vitrine.catalog.blobs.SharedContents;
import io.vitrine.catalog.blobs.SharedContents.Leftover;
import io.vitrine.catalog.blobs.UnwantedBlobs;
import io.vitrine.catalog.blobs.UploadEndings;
import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.catalog.sql.IdempotencyKeys;
import io.vitrine.catalog.tasks.TaskQueue;
import io.vitrine.catalog.tickets.TicketJournal;
import io.vitrine.image.location.BlobRef;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.stream.StoreClient;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes unneeded blobs: those given up, those of deleted images, those whose writer lost its
 * lease, and those of expired uploads. A blob leaves the journal only after its bytes are deleted.
 */
public final class GarbageVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(GarbageVerticle.class);
  private static final int BATCH = 100;

  private final UnwantedBlobs unwanted;
  private final UploadEndings uploads;
  private final SharedContents contents;
  private final TaskQueue tasks;
  private final IdempotencyKeys keys;
  private final TicketJournal tickets;
  private final AuditRecords audit;
  private final StoreClient stores;
  private final String node;
  private final Timing timing;
  private Future<Void> running = Future.succeededFuture();
  private boolean isWanted;

  /** What of the catalog ends up as garbage. */
  public record Leftovers(
      UnwantedBlobs blobs,
      UploadEndings uploads,
      SharedContents contents,
      TaskQueue tasks,
      IdempotencyKeys keys,
      TicketJournal tickets,
      AuditRecords audit) {}

  /**
   * When garbage is collected.
   *
   * @param keepDeleted how long the data of deleted images is kept if deletion is delayed
   * @param keepAudit how long records of the audit trail are kept; zero: for ever
   */
  public record Timing(Duration interval, Duration keepDeleted, Duration keepAudit) {}

  /** A verticle that works at an interval and whenever it is woken. */
  public GarbageVerticle(Leftovers leftovers, StoreClient stores, String node, Timing timing) {
    this.unwanted = leftovers.blobs();
    this.uploads = leftovers.uploads();
    this.contents = leftovers.contents();
    this.tasks = leftovers.tasks();
    this.keys = leftovers.keys();
    this.tickets = leftovers.tickets();
    this.audit = leftovers.audit();
    this.stores = stores;
    this.node = node;
    this.timing = timing;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(0, timing.interval().toMillis(), tick -> collect());
    return vertx.eventBus().consumer(Addresses.GARBAGE_WAKE, message -> collect()).completion();
  }

  /** Waits for work in progress. */
  @Override
  public Future<?> stop() {
    return running;
  }

  private void collect() {
    if (!running.isComplete()) {
      isWanted = true;
      return;
    }
    isWanted = false;
    running =
        unwanted
            .abandonLost()
            .compose(lost -> uploads.expire())
            .compose(expired -> unwanted.giveUpDeleted(timing.keepDeleted()))
            .compose(scrubbed -> unwanted.page(BATCH))
            .compose(blobs -> each(blobs, this::remove))
            .compose(removed -> contents.release())
            .compose(released -> contents.leftovers(BATCH))
            .compose(leftovers -> each(leftovers, this::remove))
            .compose(removed -> tasks.forgetExpired())
            .compose(forgotten -> keys.forgetExpired())
            .compose(forgotten -> tickets.forgetEnded())
            .compose(forgotten -> audit.forget(timing.keepAudit()))
            .onSuccess(removed -> isWanted |= removed == AuditRecords.BATCH)
            .<Void>mapEmpty()
            .onFailure(
                failure ->
                    log.atLevel(CatalogFailures.level(failure))
                        .addKeyValue("error", failure.getMessage())
                        .log("Garbage collection failed"))
            .recover(failure -> Future.succeededFuture())
            .onSuccess(
                done -> {
                  if (isWanted) {
                    vertx.runOnContext(later -> collect());
                  }
                });
  }

  private <T> Future<Void> each(List<T> items, Function<T, Future<Void>> work) {
    Future<Void> all = Future.succeededFuture();
    for (var item : items) {
      all = all.compose(done -> work.apply(item));
    }
    return all.onSuccess(done -> isWanted |= items.size() == BATCH);
  }

  private Future<Void> remove(BlobRef blob) {
    return remove(blob, () -> unwanted.forget(blob));
  }

  private Future<Void> remove(Leftover leftover) {
    return remove(leftover.bytes(), () -> contents.removed(leftover));
  }

  private Future<Void> remove(BlobRef blob, Supplier<Future<Void>> forget) {
    return stores
        .delete(blob, node)
        .compose(
            found -> {
              // If another node wrote the blob, its bytes may be where only that node sees them.
              boolean isGone = found || blob.node().equals(node) || blob.node().isEmpty();
              return isGone ? forget.get() : Future.<Void>succeededFuture();
            })
        .onSuccess(
            done ->
                log.atDebug()
                    .addKeyValue("image_id", blob.image())
                    .addKeyValue("blob_id", blob.id())
                    .log("Removed a blob"))
        .recover(
            failure -> {
              log.atWarn()
                  .addKeyValue("blob_id", blob.id())
                  .addKeyValue("error", failure.getMessage())
                  .log("Cannot remove a blob");
              return Future.succeededFuture();
            });
  }
}
