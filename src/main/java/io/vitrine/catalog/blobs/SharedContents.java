package io.vitrine.catalog.blobs;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Bytes that several blobs share, in stores that deduplicate data.
 *
 * <p>A blob is first written in full under its own id. The transaction that makes it stored gives
 * it a reference to equal bytes if there are any; otherwise later blobs may refer to its own.
 * Whatever becomes superfluous is recorded before it is removed, so a killed process leaves nothing
 * behind:
 *
 * <pre>
 *   spare bytes of a blob that refers to others -- removed --> no longer spare
 *   a blob that is given up                     -- released -> one reference less
 *   bytes without a reference                   -- removed --> forgotten
 * </pre>
 *
 * <p>Bytes without a reference are not in the index of equal bytes, so no blob can start to refer
 * to bytes that are being removed.
 */
public final class SharedContents {
  private static final ImageId NOBODY = new ImageId(new UUID(0, 0));

  private final Pool pool;

  /** The shared bytes in a database. */
  public SharedContents(Pool pool) {
    this.pool = pool;
  }

  /**
   * The stores that deduplicate data.
   *
   * @param stores by id; true if all nodes see the same bytes there
   */
  public record Sharing(Map<String, Boolean> stores) {
    /** No store deduplicates. */
    public static final Sharing NONE = new Sharing(Map.of());

    /** Copies the map. */
    public Sharing {
      stores = Map.copyOf(stores);
    }

    /** Lets a blob that has just become stored refer to equal bytes, or registers its own. */
    Future<Void> share(SqlConnection connection, BlobRef blob, long size, String sha512) {
      var isShared = stores.get(blob.store());
      if (isShared == null) {
        return Future.succeededFuture();
      }
      return connection
          .preparedQuery(
              """
              with kept as (
                insert into contents as c (id, store, node, sha512, size, refs)
                values ($1, $2, $3, $4, $5, 1)
                on conflict (store, node, sha512, size) where refs > 0 and sound
                do update set refs = c.refs + 1
                returning id)
              update blobs set content = kept.id, spare = kept.id <> blobs.id from kept where blobs.id = $1
              """)
          .execute(Tuple.of(blob.id(), blob.store(), isShared ? "" : blob.node(), sha512, size))
          .mapEmpty();
    }
  }

  /** Bytes or references to clean up. */
  public sealed interface Leftover {
    /** The bytes to remove. */
    BlobRef bytes();

    /** Bytes of a blob that refers to other bytes instead. */
    record Spare(BlobRef bytes) implements Leftover {}

    /** Bytes without any reference. */
    record Unreferenced(BlobRef bytes) implements Leftover {}
  }

  /** Ends the references of blobs that were given up and have no bytes of their own. */
  public Future<Void> release() {
    return pool.query(
            "select id from blobs where state = 'deleting' and content is not null and not spare"
                + " limit 1000")
        .execute()
        .compose(
            rows -> {
              Future<Void> all = Future.succeededFuture();
              for (var row : rows) {
                var id = row.getUUID("id");
                all = all.compose(done -> release(id));
              }
              return all;
            });
  }

  private Future<Void> release(UUID blob) {
    return pool.preparedQuery(
            """
            with gone as (
              delete from blobs where id = $1 and state = 'deleting' and not spare returning content)
            update contents set refs = refs - 1 from gone where contents.id = gone.content
            """)
        .execute(Tuple.of(blob))
        .mapEmpty();
  }

  /** Bytes to remove. */
  public Future<List<Leftover>> leftovers(int limit) {
    return pool.preparedQuery(
            """
            select id, store, node, true as is_spare from blobs where spare and state in ('stored', 'deleting')
            union all
            select id, store, node, false as is_spare from contents where refs = 0
            limit $1
            """)
        .execute(Tuple.of(limit))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(
                        row -> {
                          var bytes =
                              new BlobRef(
                                  row.getUUID("id"),
                                  NOBODY,
                                  BlobRef.Purpose.IMAGE,
                                  new BlobRef.Place(row.getString("store"), row.getString("node")));
                          return row.getBoolean("is_spare")
                              ? new Leftover.Spare(bytes)
                              : (Leftover) new Leftover.Unreferenced(bytes);
                        })
                    .toList());
  }

  /** Forgets bytes once the store has removed them. */
  public Future<Void> removed(Leftover leftover) {
    var sql =
        switch (leftover) {
          case Leftover.Spare spare -> "update blobs set spare = false where id = $1";
          case Leftover.Unreferenced unreferenced ->
              "delete from contents where id = $1 and refs = 0";
        };
    return pool.preparedQuery(sql).execute(Tuple.of(leftover.bytes().id())).mapEmpty();
  }
}
