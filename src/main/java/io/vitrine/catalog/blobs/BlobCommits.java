package io.vitrine.catalog.blobs;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.audit.AuditOutcome;
import io.vitrine.catalog.blobs.BlobJournal.Begun;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.image.Digests;
import io.vitrine.notification.ImageEvent;
import java.util.Optional;

/** Makes durable blobs the data of their images, in a transaction that has locked the image. */
record BlobCommits(BlobJournal journal, Outbox outbox) {
  /** The data of an image. */
  record Content(long size, Digests digests, Optional<Long> virtualSize) {}

  /** Makes the blob the image's data and the image active. */
  Future<Void> activate(SqlConnection connection, Begun begun, Content content) {
    var blob = begun.blob();
    return journal
        .store(connection, blob, content.size, content.digests)
        .compose(stored -> setActive(connection, begun, content))
        .compose(
            done -> begun.unchecked().require(connection, BlobJournal.resource(blob), content.size))
        .compose(left -> BlobJournal.note(connection, begun, AuditOutcome.DONE))
        .compose(
            noted ->
                outbox.image(
                    connection,
                    blob.image(),
                    ImageEvent.UPLOAD,
                    ImageEvent.ACTIVATE,
                    ImageEvent.UPDATE));
  }

  private static Future<Void> setActive(SqlConnection connection, Begun begun, Content content) {
    var digests = content.digests;
    return connection
        .preparedQuery(
            """
            update images set status = 'active', size = $2, virtual_size = $3, checksum = $4,
              hash_algo = $5, hash_value = $6, sha256 = $7, stores = %s, updated_at = now()
            where id = $1 and status = 'saving'
            """
                .formatted(ImageLocations.STORES_SQL))
        .execute(
            Tuple.of(
                begun.blob().image().value(),
                content.size,
                content.virtualSize.orElse(null),
                digests.md5(),
                digests.algorithm(),
                digests.value(),
                digests.sha256()))
        .compose(rows -> BlobJournal.requireOne(rows.rowCount()));
  }

  /** Records that staged data is complete. */
  Future<Void> stage(SqlConnection connection, Begun begun, long size, Optional<Digests> digests) {
    var blob = begun.blob();
    return journal
        .store(connection, blob, size, digests.map(Digests::value))
        .compose(
            stored ->
                connection
                    .preparedQuery(
                        "update images set size = $2, updated_at = now() where id = $1 and"
                            + " status = 'uploading'")
                    .execute(Tuple.of(blob.image().value(), size)))
        .compose(rows -> BlobJournal.requireOne(rows.rowCount()))
        .compose(done -> begun.unchecked().require(connection, BlobJournal.resource(blob), size))
        .compose(left -> BlobJournal.note(connection, begun, AuditOutcome.DONE))
        .compose(noted -> outbox.image(connection, blob.image(), ImageEvent.UPDATE));
  }
}
