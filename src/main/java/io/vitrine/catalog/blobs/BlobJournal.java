package io.vitrine.catalog.blobs;

import static io.vitrine.image.problem.ProblemException.gone;
import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.access.quota.Resource;
import io.vitrine.catalog.audit.Actor;
import io.vitrine.catalog.audit.AuditAction;
import io.vitrine.catalog.audit.AuditEntry;
import io.vitrine.catalog.audit.AuditOutcome;
import io.vitrine.catalog.audit.AuditTrail;
import io.vitrine.catalog.audit.CurrentActor;
import io.vitrine.catalog.blobs.SharedContents.Sharing;
import io.vitrine.catalog.events.NotifiedPool;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.images.Allowance;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.Quotas;
import io.vitrine.catalog.sql.Leaseholder;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Caller;
import io.vitrine.image.Digests;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Permit;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.notification.ImageEvent;
import io.vitrine.notification.Notification;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * The journal of blobs: a row exists from before a blob's first byte until after its last. A blob
 * and the status of its image are committed together.
 */
public final class BlobJournal implements ImportBlobs {
  private final Pool pool;
  private final Leaseholder holder;
  private final Quotas quotas;
  private final Sharing sharing;
  private final Outbox outbox;

  /** A journal without notifications, for stores that share no data between blobs. */
  public BlobJournal(Pool pool, Leaseholder holder, Quotas quotas) {
    this(pool, holder, quotas, Sharing.NONE);
  }

  /** A journal without notifications. */
  public BlobJournal(Pool pool, Leaseholder holder, Quotas quotas, Sharing sharing) {
    this(NotifiedPool.silent(pool), holder, quotas, sharing);
  }

  /** A journal that writes under the leases of {@code holder}. */
  public BlobJournal(NotifiedPool database, Leaseholder holder, Quotas quotas, Sharing sharing) {
    this.pool = database.pool();
    this.holder = holder;
    this.quotas = quotas;
    this.sharing = sharing;
    this.outbox = database.outbox();
  }

  /**
   * A blob that may now be written, with its image.
   *
   * @param roomBytes the largest size that the quota of the image's owner permits
   * @param unchecked the allowance to check the complete blob against; unlimited if its size is
   *     reserved
   * @param actor who sends the data; what ends it may run on another context
   */
  public record Begun(BlobRef blob, Image image, long roomBytes, Allowance unchecked, Actor actor) {
    /** A blob whose data the actor of the current context sends. */
    public Begun(BlobRef blob, Image image, long roomBytes, Allowance unchecked) {
      this(blob, image, roomBytes, unchecked, CurrentActor.get());
    }

    /** A blob without a quota. */
    public Begun(BlobRef blob, Image image) {
      this(blob, image, Long.MAX_VALUE, Allowance.UNLIMITED);
    }
  }

  /** Begins an upload: the image's status becomes saving. */
  public Future<Begun> beginUpload(ImageId id, Caller caller, Permit permit, BlobPlan plan) {
    return begin(
        id,
        plan,
        connection ->
            ImageCatalog.lockForChange(connection, id, caller, permit)
                .compose(image -> advance(connection, image, ImageStatus.SAVING))
                .map(BlobJournal::requireFormats));
  }

  /** Begins to stage data for an import: the image's status becomes uploading. */
  public Future<Begun> beginStaging(ImageId id, Caller caller, Permit permit, BlobPlan plan) {
    return begin(
        id,
        plan,
        connection ->
            ImageCatalog.lockForChange(connection, id, caller, permit)
                .compose(image -> advance(connection, image, ImageStatus.UPLOADING)));
  }

  private Future<Begun> begin(
      ImageId id, BlobPlan plan, Function<SqlConnection, Future<Image>> locked) {
    return quotas
        .of(id)
        .compose(
            allowance ->
                Transactions.in(
                    pool,
                    connection ->
                        locked
                            .apply(connection)
                            .compose(image -> beginOnly(connection, image, plan, allowance))
                            .compose(begun -> note(connection, begun, AuditOutcome.BEGUN))
                            .compose(begun -> tellBegun(connection, begun, ImageEvent.UPDATE))))
        .onSuccess(begun -> holder.hold(begun.blob().id()));
  }

  @Override
  public Future<BlobRef> beginForImport(Image image, BlobPlan plan) {
    return quotas
        .of(image.owner())
        .compose(
            allowance ->
                Transactions.in(
                    pool,
                    connection ->
                        begin(connection, image, plan, allowance)
                            .compose(begun -> tellBegun(connection, begun))))
        .map(Begun::blob)
        .onSuccess(blob -> holder.hold(blob.id()));
  }

  /** Records how far an upload or staging has come. */
  static Future<Begun> note(SqlConnection connection, Begun begun, AuditOutcome outcome) {
    return AuditTrail.record(connection, entry(begun.blob(), outcome), begun.actor()).map(begun);
  }

  private static AuditEntry entry(BlobRef blob, AuditOutcome outcome) {
    return switch (blob.purpose()) {
      case IMAGE ->
          AuditEntry.of(blob.image(), AuditAction.UPLOAD, outcome).with("store", blob.store());
      case STAGING -> AuditEntry.of(blob.image(), AuditAction.STAGE, outcome);
    };
  }

  /** Notifies of the given events, and that the image's data is about to be written. */
  private Future<Begun> tellBegun(SqlConnection connection, Begun begun, ImageEvent... before) {
    var blob = begun.blob();
    return outbox
        .image(connection, blob.image(), before)
        .compose(
            told ->
                blob.purpose() == BlobRef.Purpose.IMAGE
                    ? outbox.image(
                        connection,
                        blob.image(),
                        Map.of("backend", blob.store()),
                        ImageEvent.PREPARE)
                    : Future.succeededFuture())
        .map(begun);
  }

  /** Begins a blob if the project may upload to one more image at the same time. */
  private Future<Begun> beginOnly(
      SqlConnection connection, Image image, BlobPlan plan, Allowance allowance) {
    return begin(connection, image, plan, allowance)
        .compose(
            begun -> allowance.require(connection, Resource.IMAGE_COUNT_UPLOADING, 0).map(begun));
  }

  private static Image requireFormats(Image image) {
    if (!image.hasFormats()) {
      throw invalid("Properties disk_format, container_format must be set prior to saving data.");
    }
    return image;
  }

  private static Future<Image> advance(SqlConnection connection, Image image, ImageStatus next) {
    if (!image.status().canBecome(next)) {
      return Future.failedFuture(new ProblemException(image.cannotBecome(next)));
    }
    return connection
        .preparedQuery("update images set status = $2, updated_at = now() where id = $1")
        .execute(Tuple.of(image.id().value(), next.text()))
        .map(image);
  }

  /** Begins a blob of an image that the transaction has locked. */
  Future<Begun> begin(SqlConnection connection, Image image, BlobPlan plan, Allowance allowance) {
    var blob =
        new BlobRef(
            UUID.randomUUID(),
            image.id(),
            plan.purpose(),
            new BlobRef.Place(plan.store(), plan.node()));
    return connection
        .preparedQuery(
            """
            insert into blobs (id, image_id, store, purpose, node, size, state, leased_by, leased_until)
            values ($1, $2, $3, $4, $5, $6, 'writing', $7, %s)
            """
                .formatted(holder.untilSql()))
        .execute(
            Tuple.tuple()
                .addValue(blob.id())
                .addValue(image.id().value())
                .addValue(plan.store())
                .addValue(plan.purpose().text())
                .addValue(plan.node())
                .addValue(plan.size().orElse(null))
                .addValue(holder.id()))
        .compose(inserted -> allowance.require(connection, resource(blob), plan.size().orElse(0L)))
        .map(
            left ->
                plan.size().isPresent()
                    ? new Begun(blob, image)
                    : new Begun(blob, image, left, allowance));
  }

  static Resource resource(BlobRef blob) {
    return switch (blob.purpose()) {
      case IMAGE -> Resource.IMAGE_SIZE_TOTAL;
      case STAGING -> Resource.IMAGE_STAGE_TOTAL;
    };
  }

  /**
   * Makes the uploaded blob the image's data and the image active. Fails as gone if the image or
   * the lease is, and as too large if it exceeds the project's quota.
   */
  public Future<Void> commitUpload(
      Begun begun, long size, Digests digests, Optional<Long> virtualSize) {
    var content = new BlobCommits.Content(size, digests, virtualSize);
    return storing(begun.blob(), connection -> commits().activate(connection, begun, content));
  }

  /** Records that staged data is complete; fails as too large if it exceeds the project's quota. */
  public Future<Void> commitStaging(Begun begun, long size, Optional<Digests> digests) {
    return storing(begun.blob(), connection -> commits().stage(connection, begun, size, digests));
  }

  /** The commits of this holder's blobs. */
  BlobCommits commits() {
    return new BlobCommits(this, outbox);
  }

  /**
   * Runs a transaction that makes a blob stored, with its image locked. If the connection is lost
   * during the commit, the state of the blob shows the outcome, so a successful commit is not
   * reported as a failure.
   */
  public Future<Void> storing(BlobRef blob, Function<SqlConnection, Future<Void>> work) {
    return Transactions.inRepeatable(
        pool,
        connection ->
            ImageCatalog.lock(connection, blob.image())
                .compose(locked -> isStored(connection, blob))
                .compose(isDone -> isDone ? Future.succeededFuture() : work.apply(connection)));
  }

  private static Future<Boolean> isStored(SqlConnection connection, BlobRef blob) {
    return connection
        .preparedQuery("select from blobs where id = $1 and state = 'stored'")
        .execute(Tuple.of(blob.id()))
        .map(rows -> rows.size() == 1);
  }

  /** The quota of the image's project. */
  public Future<Allowance> allowance(Image image) {
    return quotas.of(image.owner());
  }

  /** Records that a blob of this holder is durable, with its digests. */
  public Future<Void> store(SqlConnection connection, BlobRef blob, long size, Digests digests) {
    return store(connection, blob, size, Optional.of(digests.value()));
  }

  /** Records that a blob of this holder is durable, with its digest if there is one. */
  public Future<Void> store(
      SqlConnection connection, BlobRef blob, long size, Optional<String> sha512) {
    return connection
        .preparedQuery(
            """
            update blobs set state = 'stored', size = $3, sha512 = $4, leased_by = null, leased_until = null
            where id = $1 and leased_by = $2 and state = 'writing'
            """)
        .execute(Tuple.of(blob.id(), holder.id(), size, sha512.orElse(null)))
        .compose(rows -> requireOne(rows.rowCount()))
        .compose(
            stored ->
                sha512.isPresent()
                    ? sharing.share(connection, blob, size, sha512.get())
                    : Future.succeededFuture())
        .onSuccess(stored -> holder.drop(blob.id()));
  }

  /**
   * Gives up a blob that was not committed; an image that was being uploaded or staged becomes
   * queued again. A blob that has been committed or given up meanwhile stays as it is.
   *
   * @return whether the bytes must be kept
   */
  @Override
  public Future<Boolean> abort(BlobRef blob) {
    holder.drop(blob.id());
    return Transactions.in(
        pool,
        connection ->
            ImageCatalog.lock(connection, blob.image())
                .compose(locked -> giveUp(connection, blob))
                .compose(given -> isKept(connection, blob)));
  }

  private static Future<Boolean> isKept(SqlConnection connection, BlobRef blob) {
    return connection
        .preparedQuery(
            "select from blobs where id = $1 and state = 'stored' union all"
                + " select from contents where id = $1")
        .execute(Tuple.of(blob.id()))
        .map(rows -> rows.size() > 0);
  }

  private Future<Void> giveUp(SqlConnection connection, BlobRef blob) {
    return connection
        .preparedQuery(
            """
            with given as (
              update blobs set state = 'deleting', leased_by = null, leased_until = null
              where id = $1 and leased_by = $2 and state = 'writing'
              returning image_id)
            update images set status = 'queued', size = null, virtual_size = null, updated_at = now()
            from given where images.id = given.image_id and images.status in ('saving', 'uploading')
            """)
        .execute(Tuple.of(blob.id(), holder.id()))
        .compose(
            given ->
                given.rowCount() == 0 ? Future.succeededFuture() : tellGivenUp(connection, blob))
        .compose(
            given ->
                connection
                    .preparedQuery(
                        """
                        update blobs set leased_by = null, leased_until = null
                        where id = $1 and leased_by = $2 and state = 'deleting'
                        """)
                    .execute(Tuple.of(blob.id(), holder.id())))
        .mapEmpty();
  }

  Future<Void> tellGivenUp(SqlConnection connection, BlobRef blob) {
    var message = "The upload of data of image %s has failed.".formatted(blob.image());
    Future<Void> told =
        blob.purpose() == BlobRef.Purpose.IMAGE
            ? outbox.put(
                connection,
                List.of(
                    Notification.error(ImageEvent.UPLOAD.type(), blob.image().toString(), message)))
            : Future.succeededFuture();
    return told.compose(done -> outbox.image(connection, blob.image(), ImageEvent.UPDATE))
        .compose(done -> AuditTrail.record(connection, entry(blob, AuditOutcome.FAILED)));
  }

  static Future<Void> requireOne(int rows) {
    return rows == 1
        ? Future.succeededFuture()
        : Future.failedFuture(gone("The image was deleted, or its upload was taken over."));
  }
}
