package io.vitrine.catalog.blobs;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.sql.Leaseholder;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Caller;
import io.vitrine.image.Digests;
import io.vitrine.image.Permit;
import io.vitrine.image.location.BlobRef;
import java.util.Optional;
import java.util.function.Function;

/** Ends uploads that may take several requests: their data is stored, or given up. */
public final class UploadEndings {
  private final Pool pool;
  private final Leaseholder process;
  private final BlobJournal blobs;

  /** Ends the uploads whose blobs are in a journal. */
  public UploadEndings(Pool pool, Leaseholder process, BlobJournal blobs) {
    this.pool = pool;
    this.process = process;
    this.blobs = blobs;
  }

  /**
   * The data of an upload, which is durable.
   *
   * @param digests none of staged data that was not hashed
   */
  public record Complete(long size, Optional<Digests> digests, Optional<Long> virtualSize) {}

  /**
   * Makes the data that of the image. Fails as a conflict if another request has the lease, as gone
   * if the upload has ended, and as forbidden if the caller has lost the right. The row of the
   * upload stays until it expires, so that the client can ask for it.
   */
  public Future<Void> complete(UploadLease lease, Caller caller, Permit permit, Complete complete) {
    var begun = lease.begun();
    var blob = begun.blob();
    return blobs.storing(
        blob,
        connection ->
            ImageCatalog.lockForChange(connection, blob.image(), caller, permit)
                .compose(image -> own(connection, lease))
                .compose(owned -> store(connection, begun, complete))
                .compose(stored -> release(connection, lease)));
  }

  /** Gives this process the lease on the blob that a commit needs. */
  private Future<Void> own(SqlConnection connection, UploadLease lease) {
    return connection
        .preparedQuery(
            """
            update blobs set leased_by = $2, leased_until = %s
            where id = $1 and state = 'writing'
              and exists (select from uploads where id = $1 and leased_by = $3)
            """
                .formatted(process.untilSql()))
        .execute(Tuple.of(lease.id(), process.id(), lease.holder()))
        .compose(rows -> UploadJournal.requireHeld(connection, lease, rows.rowCount()));
  }

  private Future<Void> store(SqlConnection connection, BlobJournal.Begun begun, Complete complete) {
    var commits = blobs.commits();
    return switch (begun.blob().purpose()) {
      case IMAGE ->
          commits.activate(
              connection,
              begun,
              new BlobCommits.Content(
                  complete.size, complete.digests.orElseThrow(), complete.virtualSize));
      case STAGING -> commits.stage(connection, begun, complete.size, complete.digests);
    };
  }

  private static Future<Void> release(SqlConnection connection, UploadLease lease) {
    return connection
        .preparedQuery(
            """
            update uploads set leased_by = null, leased_until = null, received = blobs.size, length = blobs.size
            from blobs where uploads.id = $1 and blobs.id = $1
            """)
        .execute(Tuple.of(lease.id()))
        .mapEmpty();
  }

  /**
   * Gives an upload up, whoever sends data for it; the image becomes queued again, unless the
   * upload is a part. Data that is stored stays, and only the upload is forgotten.
   */
  public Future<Void> giveUp(BlobRef blob) {
    return giveUp(blob, connection -> Future.succeededFuture());
  }

  /** The same; fails as a conflict, without any effect, if another request has the lease. */
  public Future<Void> giveUp(UploadLease lease) {
    return giveUp(
        lease.upload().blob(),
        connection ->
            connection
                .preparedQuery("select from uploads where id = $1 and leased_by = $2 for update")
                .execute(Tuple.of(lease.id(), lease.holder()))
                .compose(rows -> UploadJournal.requireHeld(connection, lease, rows.size())));
  }

  private Future<Void> giveUp(BlobRef blob, Function<SqlConnection, Future<Void>> condition) {
    return Transactions.in(
        pool,
        connection ->
            ImageCatalog.lock(connection, blob.image())
                .compose(locked -> condition.apply(connection))
                .compose(met -> discard(connection, blob))
                .compose(
                    discarded ->
                        connection
                            .preparedQuery("delete from uploads where id = $1")
                            .execute(Tuple.of(blob.id())))
                .mapEmpty());
  }

  private Future<Void> discard(SqlConnection connection, BlobRef blob) {
    return connection
        .preparedQuery(
            """
            with given as (
              update blobs set state = 'deleting' where id = $1 and state = 'writing' returning image_id)
            update images set status = 'queued', size = null, virtual_size = null, updated_at = now()
            from given where images.id = given.image_id and images.status in ('saving', 'uploading')
              and not exists (select from uploads where id = $1 and client_concat = 'partial')
            """)
        .execute(Tuple.of(blob.id()))
        .compose(
            given ->
                given.rowCount() == 0
                    ? Future.succeededFuture()
                    : blobs.tellGivenUp(connection, blob));
  }

  /**
   * Gives up the uploads that have rested for too long, and parts of images that have got their
   * data otherwise, and forgets those that are complete. It skips those whose image is locked; the
   * next run takes them.
   */
  public Future<Void> expire() {
    return pool.preparedQuery(
            """
            with due as (
              select blobs.id, blobs.image_id, uploads.client_concat is not null as is_part
              from uploads join blobs on blobs.id = uploads.id join images on images.id = blobs.image_id
              where blobs.state = 'writing'
                and (uploads.expires_at <= now()
                  or uploads.client_concat = 'partial' and images.status in ('active', 'deactivated'))
                and (uploads.leased_until is null or uploads.leased_until < now())),
            locked as (
              select id from images where id in (select image_id from due)
              order by id for no key update skip locked),
            given as (
              update blobs set state = 'deleting'
              from due, locked
              where blobs.id = due.id and locked.id = due.image_id and blobs.state = 'writing'
              returning blobs.image_id, due.is_part)
            update images set status = 'queued', size = null, virtual_size = null, updated_at = now()
            from given where images.id = given.image_id and images.status in ('saving', 'uploading')
              and not given.is_part
            """)
        .execute()
        .compose(
            given ->
                pool.preparedQuery(
                        """
                        delete from uploads using blobs
                        where blobs.id = uploads.id and blobs.state = 'stored' and uploads.expires_at <= now()
                        """)
                    .execute())
        .mapEmpty();
  }
}
