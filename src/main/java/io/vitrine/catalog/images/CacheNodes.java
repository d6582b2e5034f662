package io.vitrine.catalog.images;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.ImageId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * The shared index of the nodes' caches. A node is identified by its URL and listed while it keeps
 * reporting.
 */
public final class CacheNodes {
  private final Pool pool;
  private final String url;

  /** The index, for the node with this URL. */
  public CacheNodes(Pool pool, String url) {
    this.pool = pool;
    this.url = url;
  }

  /**
   * Reports all images in this node's cache, and forgets nodes silent for a day.
   *
   * @param validFor the time without a report after which the node counts as gone
   */
  public Future<Void> tell(Collection<ImageId> images, Duration validFor) {
    var ids = images.stream().map(ImageId::value).toArray(UUID[]::new);
    return Transactions.in(
        pool,
        connection ->
            connection
                .query("delete from cache_nodes where seen_until < now() - interval '1 day'")
                .execute()
                .compose(forgotten -> appear(connection, validFor))
                .compose(seen -> replace(connection, ids)));
  }

  private Future<?> appear(SqlConnection connection, Duration validFor) {
    return connection
        .preparedQuery(
            """
            insert into cache_nodes (url, seen_until)
            values ($1, now() + $2 * interval '1 millisecond')
            on conflict (url) do update set seen_until = excluded.seen_until
            """)
        .execute(Tuple.of(url, (double) validFor.toMillis()));
  }

  private Future<Void> replace(SqlConnection connection, UUID[] ids) {
    return connection
        .preparedQuery("delete from cache_entries where node = $1 and image_id <> all($2)")
        .execute(Tuple.tuple().addString(url).addArrayOfUUID(ids))
        .compose(
            removed ->
                connection
                    .preparedQuery(
                        """
                        insert into cache_entries (image_id, node)
                        select id, $1 from unnest($2::uuid[]) as id on conflict do nothing
                        """)
                    .execute(Tuple.tuple().addString(url).addArrayOfUUID(ids)))
        .mapEmpty();
  }

  /** Removes this node from the index. */
  public Future<Void> leave() {
    return pool.preparedQuery("delete from cache_nodes where url = $1")
        .execute(Tuple.of(url))
        .mapEmpty();
  }

  /** The URLs of the nodes that have the image, sorted. */
  public Future<List<String>> having(ImageId image) {
    return pool.preparedQuery(
            """
            select url from cache_entries join cache_nodes on url = node
            where image_id = $1 and seen_until > now() order by url
            """)
        .execute(Tuple.of(image.value()))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.getString("url"))
                    .toList());
  }
}
