package io.vitrine.catalog;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.image.BlobRef;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Location;
import io.vitrine.image.Permit;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Where the data of images lies. An image's own list of stores always says the same. */
public final class ImageLocations {
  /** What the stores of a row of images are, by its blobs. */
  static final String STORES_SQL =
      "array(select store from blobs where image_id = images.id and purpose = 'image'"
          + " and state = 'stored' order by created_at, id)";

  private final Pool pool;

  /** Locations in a database. */
  public ImageLocations(Pool pool) {
    this.pool = pool;
  }

  /** The locations of an image, oldest first. */
  public Future<List<Location>> of(ImageId id) {
    return of(List.of(id)).map(found -> found.getOrDefault(id, List.of()));
  }

  /** The locations of several images, each image's oldest first. */
  public Future<Map<ImageId, List<Location>>> of(Collection<ImageId> ids) {
    var keys = ids.stream().map(ImageId::value).toArray(UUID[]::new);
    return pool.preparedQuery(
            "select * from blobs where image_id = any($1) and purpose = 'image' and state ="
                + " 'stored' order by created_at, id")
        .execute(Tuple.tuple().addArrayOfUUID(keys))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(ImageLocations::toLocation)
                    .collect(Collectors.groupingBy(location -> location.blob().image())));
  }

  private static Location toLocation(Row row) {
    return new Location(Rows.toBlob(row), row.getJsonObject("metadata").getMap());
  }

  /** Gives up an image's data in one of its stores, but not the last of it. */
  public Future<Void> remove(ImageId id, Caller caller, Permit permit, String store) {
    return Transactions.in(
        pool,
        connection ->
            ImageCatalog.lockForChange(connection, id, caller, permit)
                .map(image -> requireRemovable(image, store))
                .compose(image -> TaskQueue.requireIdle(connection, image))
                .compose(image -> giveUp(connection, id, store)));
  }

  private static Image requireRemovable(Image image, String store) {
    if (image.status() != ImageStatus.ACTIVE) {
      throw new ProblemException(
          new Problem.Conflict(
              "It's not allowed to remove locations if image status is %s."
                  .formatted(image.status().text())));
    }
    if (!image.stores().contains(store)) {
      throw new ProblemException(
          new Problem.NotFound(
              "The image %s is not in the store '%s'.".formatted(image.id(), store)));
    }
    if (image.stores().size() == 1) {
      throw new ProblemException(
          new Problem.Forbidden("Cannot delete the last location of the image."));
    }
    return image;
  }

  private static Future<Void> giveUp(SqlConnection connection, ImageId id, String store) {
    return connection
        .preparedQuery(
            """
            update blobs set state = 'deleting'
            where id = (select id from blobs where image_id = $1 and store = $2 and purpose = 'image'
              and state = 'stored' order by created_at, id limit 1)
            """)
        .execute(Tuple.of(id.value(), store))
        .compose(given -> writeStores(connection, id));
  }

  /** Makes an image's own list of stores agree with its blobs. */
  static Future<Void> writeStores(SqlConnection connection, ImageId id) {
    return connection
        .preparedQuery(
            "update images set stores = %s, updated_at = now() where id = $1".formatted(STORES_SQL))
        .execute(Tuple.of(id.value()))
        .mapEmpty();
  }

  /** Adds data that lies elsewhere. */
  static Future<Void> insert(
      SqlConnection connection, ImageId id, URI url, String store, String node) {
    return connection
        .preparedQuery(
            """
            insert into blobs (id, image_id, store, purpose, node, state, url, created_at)
            values ($1, $2, $3, 'image', $4, 'stored', $5, clock_timestamp())
            """)
        .execute(Tuple.of(UUID.randomUUID(), id.value(), store, node, url.toString()))
        .mapEmpty();
  }

  /** The blobs that hold an image's data, oldest first. */
  static Future<List<BlobRef>> blobs(SqlConnection connection, ImageId id) {
    return connection
        .preparedQuery(
            "select * from blobs where image_id = $1 and purpose = 'image' and state = 'stored'"
                + " order by created_at, id")
        .execute(Tuple.of(id.value()))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Rows::toBlob).toList());
  }
}
