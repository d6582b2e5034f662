package io.vitrine.catalog.blobs;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Leaseholder;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Replaces missing or damaged bytes. The replacement is a blob of its own until it is complete; the
 * transaction that puts it in place gives up the old one.
 */
public final class Repairs {
  private final Pool pool;
  private final Leaseholder holder;
  private final BlobJournal journal;

  /** Repairs written under the leases of {@code holder}. */
  public Repairs(Pool pool, Leaseholder holder, BlobJournal journal) {
    this.pool = pool;
    this.holder = holder;
    this.journal = journal;
  }

  /** Other copies of the image with the same digest and no bad verdict. */
  public Future<List<StoredBlob>> sources(StoredBlob broken) {
    return pool.preparedQuery(
            "select "
                + Columns.BLOB
                + """
                 from blobs
                where image_id = $1 and id <> $2 and purpose = 'image' and state = 'stored' and url is null
                  and size = $3 and sha512 = $4 and coalesce(verdict, 'ok') = 'ok'
                order by created_at, id
                """)
        .execute(
            Tuple.of(
                broken.blob().image().value(),
                broken.blob().id(),
                broken.sizeBytes(),
                broken.sha512().orElse(null)))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Rows::toStored).toList());
  }

  /** Begins a replacement; empty if the broken blob is gone or good again. */
  public Future<Optional<BlobRef>> begin(StoredBlob broken, String node) {
    var old = broken.blob();
    var blob =
        new BlobRef(
            UUID.randomUUID(), old.image(), old.purpose(), new BlobRef.Place(old.store(), node));
    holder.hold(blob.id());
    return pool.preparedQuery(
            """
            insert into blobs (id, image_id, store, purpose, node, size, state, leased_by, leased_until)
            select $2, image_id, store, purpose, $3, size, 'writing', $4, %s
            from blobs where id = $1 and state = 'stored' and verdict in ('missing', 'damaged')
            """
                .formatted(holder.untilSql()))
        .execute(Tuple.of(old.id(), blob.id(), node, holder.id()))
        .map(rows -> rows.rowCount() == 1 ? Optional.of(blob) : Optional.<BlobRef>empty())
        .onFailure(failure -> holder.drop(blob.id()))
        .onSuccess(
            begun -> {
              if (begun.isEmpty()) {
                holder.drop(blob.id());
              }
            });
  }

  /** Puts the durable replacement in place; fails as gone if the broken blob has been deleted. */
  public Future<Void> commit(StoredBlob broken, BlobRef blob) {
    return journal.storing(
        blob,
        connection ->
            giveUp(connection, broken)
                .compose(
                    given -> journal.store(connection, blob, broken.sizeBytes(), broken.sha512()))
                .compose(stored -> inherit(connection, broken, blob))
                .compose(done -> ImageLocations.writeStores(connection, blob.image())));
  }

  private static Future<Void> giveUp(SqlConnection connection, StoredBlob broken) {
    return connection
        .preparedQuery("update blobs set state = 'deleting' where id = $1 and state = 'stored'")
        .execute(Tuple.of(broken.blob().id()))
        .compose(rows -> BlobJournal.requireOne(rows.rowCount()));
  }

  private static Future<Void> inherit(SqlConnection connection, StoredBlob broken, BlobRef blob) {
    return connection
        .preparedQuery(
            """
            update blobs set created_at = old.created_at, metadata = old.metadata, verdict = 'ok',
              verified_at = now()
            from blobs old where blobs.id = $1 and old.id = $2
            """)
        .execute(Tuple.of(blob.id(), broken.blob().id()))
        .mapEmpty();
  }
}
