package io.vitrine.catalog.images;

import static io.vitrine.image.problem.ProblemException.conflict;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.access.quota.Resource;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.sql.IdempotencyKey;
import io.vitrine.catalog.sql.IdempotencyKeys;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Image;
import io.vitrine.notification.ImageEvent;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Creates images within the owners' quotas. */
public final class NewImages {
  private final Pool pool;
  private final Quotas quotas;
  private final IdempotencyKeys keys;
  private final Outbox outbox;

  /** New images in a database. */
  public NewImages(Pool pool, Quotas quotas, IdempotencyKeys keys, Outbox outbox) {
    this.pool = pool;
    this.quotas = quotas;
    this.keys = keys;
    this.outbox = outbox;
  }

  /**
   * Creates an image, once for each idempotency key, and returns the answer; fails with a conflict
   * if its id is, or ever was, in use.
   */
  public Future<JsonObject> create(
      Image image, Optional<IdempotencyKey> key, Function<Image, JsonObject> answer) {
    return quotas
        .of(image.owner())
        .compose(
            allowance ->
                key.isEmpty()
                    ? create(image, allowance).map(answer)
                    : Transactions.in(
                        pool,
                        connection ->
                            keys.once(
                                connection,
                                key,
                                () -> add(connection, image, allowance).map(answer),
                                before -> requirePresent(connection, before))));
  }

  /**
   * Fails if the image of a late repetition has been deleted: it must neither be shown nor
   * replaced.
   */
  private static Future<JsonObject> requirePresent(SqlConnection connection, JsonObject image) {
    var id = image.getString("id");
    return connection
        .preparedQuery("select from images where id = $1 and deleted_at is null")
        .execute(Tuple.of(UUID.fromString(id)))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw conflict(
                    ("The image %s created with this Idempotency-Key was deleted; use a new"
                            + " key to create another.")
                        .formatted(id));
              }
              return image;
            });
  }

  /** Creates an image; fails with a conflict if its id is, or ever was, in use. */
  public Future<Image> create(Image image) {
    return quotas.of(image.owner()).compose(allowance -> create(image, allowance));
  }

  private Future<Image> create(Image image, Allowance allowance) {
    boolean isAlone =
        allowance.isUnlimited(Resource.IMAGE_COUNT_TOTAL) && !outbox.wants(ImageEvent.CREATE);
    return isAlone
        ? Transactions.alone(
            pool,
            () -> Insertion.noted(pool, image),
            connection -> Insertion.once(connection, image))
        : Transactions.in(pool, connection -> add(connection, image, allowance));
  }

  private Future<Image> add(SqlConnection connection, Image image, Allowance allowance) {
    return Insertion.noted(connection, image)
        .compose(added -> allowance.require(connection, Resource.IMAGE_COUNT_TOTAL, 1).map(added))
        .compose(added -> outbox.image(connection, added.id(), ImageEvent.CREATE).map(added));
  }
}
