package io.vitrine.catalog.tasks;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.ImageId;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The keys that verify the data of imports. They are fetched on behalf of who asks for the import,
 * for the worker has no identity to fetch them with.
 */
public final class ImportKeys {
  private final Pool pool;

  /** Keys kept in a database. */
  public ImportKeys(Pool pool) {
    this.pool = pool;
  }

  /**
   * Keeps the key of a certificate for the image's import, and forgets those of imports that are
   * over.
   */
  public Future<Void> keep(ImageId image, String certificate, String publicKey) {
    return Transactions.in(
        pool,
        connection ->
            connection
                .query(
                    """
                    delete from import_keys using images where images.id = import_keys.image_id
                      and images.status not in ('queued', 'uploading', 'importing')
                    """)
                .execute()
                .compose(
                    forgotten ->
                        connection
                            .preparedQuery(
                                """
                                insert into import_keys (image_id, certificate, public_key) values ($1, $2, $3)
                                on conflict (image_id) do update set certificate = $2, public_key = $3, created_at = now()
                                """)
                            .execute(Tuple.of(image.value(), certificate, publicKey)))
                .mapEmpty());
  }

  /** The key of a certificate that was kept for the image's import. */
  public Future<Optional<String>> find(ImageId image, String certificate) {
    return pool.preparedQuery(
            "select public_key from import_keys where image_id = $1 and certificate = $2")
        .execute(Tuple.of(image.value(), certificate))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.getString("public_key"))
                    .findFirst());
  }
}
