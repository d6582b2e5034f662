package io.vitrine.catalog.tasks;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.ImageId;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Certificates that verify the data of imports. They are fetched with the identity of the caller
 * who requests the import, because the worker has none.
 */
public final class ImportKeys {
  private final Pool pool;

  /** Keys kept in a database. */
  public ImportKeys(Pool pool) {
    this.pool = pool;
  }

  /**
   * Stores the public key of a certificate for the image's import, and removes those of finished
   * imports.
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

  /** The public key stored for the image's import. */
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
