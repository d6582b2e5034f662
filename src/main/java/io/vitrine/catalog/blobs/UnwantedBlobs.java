package io.vitrine.catalog.blobs;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.image.location.BlobRef;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

/** Blobs that nobody needs: it gives them up, lists them and forgets them. */
public final class UnwantedBlobs {
  private final Pool pool;

  /** The unwanted blobs in a database. */
  public UnwantedBlobs(Pool pool) {
    this.pool = pool;
  }

  /**
   * Gives up all blobs whose writer has lost its lease. It skips blobs whose image is locked; the
   * next run takes them.
   */
  public Future<Integer> abandonLost() {
    return pool.preparedQuery(
            """
            with locked as (
              select id from images
              where id in (select image_id from blobs where state = 'writing' and leased_until < now())
              order by id for no key update skip locked),
            lost as (
              update blobs set state = 'deleting', leased_by = null, leased_until = null
              from locked
              where blobs.image_id = locked.id and state = 'writing' and leased_until < now()
              returning image_id)
            update images set status = 'queued', size = null, virtual_size = null, updated_at = now()
            from lost where images.id = lost.image_id and images.status in ('saving', 'uploading')
            """)
        .execute()
        .map(rows -> rows.rowCount());
  }

  /** Gives up the data of images deleted at least {@code age} ago. */
  public Future<Void> giveUpDeleted(Duration age) {
    return pool.preparedQuery(
            """
            with given_up as (
              update images set status = 'deleted', updated_at = now()
              where status = 'pending_delete' and deleted_at <= now() - interval '%d milliseconds'
              returning id)
            update blobs set state = 'deleting' from given_up where blobs.image_id = given_up.id
            """
                .formatted(age.toMillis()))
        .execute()
        .mapEmpty();
  }

  /** Blobs with bytes of their own that are neither needed nor being written. */
  public Future<List<BlobRef>> page(int limit) {
    return pool.preparedQuery(
            "select "
                + Columns.BLOB
                + """
                 from blobs
                where state = 'deleting' and content is null
                  and (leased_until is null or leased_until < now())
                limit $1
                """)
        .execute(Tuple.of(limit))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Rows::toBlob).toList());
  }

  /** Blobs whose writer has lost its lease, not yet given up. */
  public Future<List<BlobRef>> lost() {
    return pool.query(
            "select "
                + Columns.BLOB
                + " from blobs where state = 'writing' and leased_until < now()")
        .execute()
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Rows::toBlob).toList());
  }

  /** Forgets a blob once the store has removed its last byte. */
  public Future<Void> forget(BlobRef blob) {
    return pool.preparedQuery("delete from blobs where id = $1 and state = 'deleting'")
        .execute(Tuple.of(blob.id()))
        .mapEmpty();
  }
}
