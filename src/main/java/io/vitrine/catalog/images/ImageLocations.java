package io.vitrine.catalog.images;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.notFound;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.audit.AuditAction;
import io.vitrine.catalog.audit.AuditEntry;
import io.vitrine.catalog.audit.AuditTrail;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Permit;
import io.vitrine.image.edit.ImageChange;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.Location;
import io.vitrine.image.location.LocationEdit;
import io.vitrine.image.location.NewLocation;
import io.vitrine.image.location.Verdict;
import io.vitrine.net.address.Url;
import io.vitrine.notification.ImageEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The locations of image data. An image's own list of stores always agrees with them once it has
 * data.
 */
public final class ImageLocations {
  /** The stores of a row of images, derived from its blobs. */
  public static final String STORES_SQL =
      "array(select store from blobs where image_id = images.id and purpose = 'image'"
          + " and state = 'stored' order by created_at, id)";

  private final Pool pool;
  private final Outbox outbox;

  /** Locations without notifications. */
  public ImageLocations(Pool pool) {
    this(pool, Outbox.OFF);
  }

  /** Locations in a database. */
  public ImageLocations(Pool pool, Outbox outbox) {
    this.pool = pool;
    this.outbox = outbox;
  }

  /** Excludes blobs with a bad verdict as long as the image has others. */
  private static final String SOUND_SQL =
      """
      purpose = 'image' and state = 'stored' and (coalesce(verdict, 'ok') = 'ok' or not exists (
        select from blobs b where b.image_id = blobs.image_id and b.purpose = 'image'
          and b.state = 'stored' and coalesce(b.verdict, 'ok') = 'ok'))
      """;

  /**
   * The locations of an image by their condition.
   *
   * @param sound the readable locations, oldest first
   * @param faults the verdicts on the others
   */
  public record Held(List<Location> sound, Set<Verdict> faults) {
    /** Copies both collections. */
    public Held {
      sound = List.copyOf(sound);
      faults = Set.copyOf(faults);
    }
  }

  /** The locations of an image, with damaged ones set apart. */
  public Future<Held> held(ImageId id) {
    return pool.preparedQuery(
            "select "
                + Columns.BLOB
                + " from blobs where image_id = $1 and purpose = 'image' and state = 'stored'"
                + " order by created_at, id")
        .execute(Tuple.of(id.value()))
        .map(ImageLocations::toHeld);
  }

  private static Held toHeld(RowSet<Row> rows) {
    var sound = new ArrayList<Location>();
    var faults = EnumSet.noneOf(Verdict.class);
    for (var row : rows) {
      var verdict = Rows.toVerdict(row);
      if (verdict == Verdict.OK) {
        sound.add(toLocation(row));
      } else {
        faults.add(verdict);
      }
    }
    return new Held(sound, faults);
  }

  /** The locations of an image, oldest first. */
  public Future<List<Location>> of(ImageId id) {
    return of(List.of(id)).map(found -> found.getOrDefault(id, List.of()));
  }

  /** The locations of several images, each image's oldest first. */
  public Future<Map<ImageId, List<Location>>> of(Collection<ImageId> ids) {
    return of(pool, ids);
  }

  private static Future<Map<ImageId, List<Location>>> of(
      SqlClient client, Collection<ImageId> ids) {
    var keys = ids.stream().map(ImageId::value).toArray(UUID[]::new);
    return client
        .preparedQuery(
            "select "
                + Columns.BLOB
                + " from blobs where image_id = any($1) and purpose = 'image' and state ="
                + " 'stored' order by created_at, id")
        .execute(Tuple.tuple().addArrayOfUUID(keys))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(ImageLocations::toLocation)
                    .collect(Collectors.groupingBy(location -> location.blob().image())));
  }

  /** The blobs whose bytes only this image uses. */
  public Future<List<BlobRef>> own(ImageId id) {
    return pool.preparedQuery(
            """
            select %s from blobs where image_id = $1 and purpose = 'image' and state = 'stored'
              and not exists (select from blobs other
                where other.content = blobs.content and other.id <> blobs.id and other.state = 'stored')
            order by created_at, id
            """
                .formatted(Columns.BLOB))
        .execute(Tuple.of(id.value()))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Rows::toBlob).toList());
  }

  private static Location toLocation(Row row) {
    return new Location(Rows.toBlob(row), row.getJsonObject("metadata").getMap());
  }

  /** Gives up the data in one store; refuses if it is the last. */
  public Future<Void> remove(ImageId id, Caller caller, Permit permit, String store) {
    return Transactions.in(
        pool,
        connection ->
            ImageCatalog.lockForChange(connection, id, caller, permit)
                .map(image -> requireRemovable(image, store))
                .compose(image -> ImageCatalog.requireIdle(connection, image))
                .compose(image -> giveUp(connection, id, store))
                .compose(
                    given ->
                        AuditTrail.record(
                            connection,
                            AuditEntry.of(id, AuditAction.LOCATION_REMOVE).with("store", store)))
                .compose(
                    noted -> outbox.image(connection, id, ImageEvent.LOCATION, ImageEvent.UPDATE)));
  }

  /** Fails if the image is in no other store, or not in this one. */
  public static Image requireRemovable(Image image, String store) {
    if (image.status() != ImageStatus.ACTIVE) {
      throw conflict(
          "It's not allowed to remove locations if image status is %s."
              .formatted(image.status().text()));
    }
    if (image.stores().size() == 1) {
      throw forbidden("Cannot delete the last location of the image.");
    }
    if (!image.stores().contains(store)) {
      throw notFound("The image %s is not in the store '%s'.".formatted(image.id(), store));
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

  /**
   * Changes an image's metadata and locations in one transaction.
   *
   * @param edit edits the locations, which it gets oldest first
   */
  public Future<ImageChange> update(
      ImageId id, Caller caller, Permit permit, BiFunction<Image, List<Location>, Edited> edit) {
    return Transactions.in(
        pool,
        connection ->
            ImageCatalog.lockForChange(connection, id, caller, permit)
                .compose(image -> ImageCatalog.requireIdle(connection, image))
                .compose(
                    image ->
                        of(connection, List.of(id))
                            .map(known -> edit.apply(image, known.getOrDefault(id, List.of())))
                            .compose(edited -> write(connection, image, edited)))
                .compose(change -> outbox.image(connection, id, events(change)).map(change)));
  }

  private static ImageEvent[] events(ImageChange change) {
    return change.before().status() == change.after().status()
        ? new ImageEvent[] {ImageEvent.LOCATION, ImageEvent.UPDATE}
        : new ImageEvent[] {ImageEvent.LOCATION, ImageEvent.ACTIVATE, ImageEvent.UPDATE};
  }

  /**
   * The result of an edit by a user.
   *
   * @param node the node that makes the change
   */
  public record Edited(Image image, LocationEdit locations, String node) {}

  private static Future<ImageChange> write(SqlConnection connection, Image before, Edited edited) {
    return AuditTrail.beside(
            ImageCatalog.save(connection, edited.image()), connection, entry(before, edited))
        .compose(saved -> write(connection, saved.id(), edited.locations(), edited.node()))
        .map(written -> new ImageChange(before, written));
  }

  /** The numbers of locations, as their URLs may contain secrets. */
  private static AuditEntry entry(Image before, Edited edited) {
    int added = edited.locations().added().size();
    int removed = edited.locations().removed().size();
    var action = AuditAction.LOCATION_UPDATE;
    if (added > 0 && removed == 0) {
      action = AuditAction.LOCATION_ADD;
    } else if (removed > 0 && added == 0) {
      action = AuditAction.LOCATION_REMOVE;
    }
    return AuditEntry.of(action, new ImageChange(before, edited.image()))
        .with("added", added)
        .with("removed", removed);
  }

  private static Future<Image> write(
      SqlConnection connection, ImageId id, LocationEdit edit, String node) {
    Future<Void> all = Future.succeededFuture();
    for (var location : edit.added()) {
      var place = new Place(location.url(), location.store(), node);
      all = all.compose(done -> insert(connection, id, place, location.metadata()));
    }
    for (var entry : edit.notes().entrySet()) {
      all =
          all.compose(
              done ->
                  connection
                      .preparedQuery(
                          "update blobs set metadata = $1 where id = $2 and image_id = $3")
                      .execute(
                          Tuple.of(
                              new JsonObject(entry.getValue()), entry.getKey().id(), id.value()))
                      .mapEmpty());
    }
    for (var blob : edit.removed()) {
      all =
          all.compose(
              done ->
                  connection
                      .preparedQuery("update blobs set state = 'deleting' where id = $1")
                      .execute(Tuple.of(blob.id()))
                      .mapEmpty());
    }
    return all.compose(done -> describe(connection, id, edit));
  }

  /** Sets what the first location determines and makes the image active. */
  private static Future<Image> describe(SqlConnection connection, ImageId id, LocationEdit edit) {
    var size = edit.added().stream().map(NewLocation::size).findFirst().orElse(null);
    var digests = edit.digests().orElse(null);
    return connection
        .preparedQuery(
            """
            update images set stores = %s, updated_at = now(), size = coalesce(size, $2::bigint),
              status = case when status = 'queued' and $2::bigint is not null then 'active' else status end,
              checksum = coalesce($3::text, checksum), hash_algo = coalesce($4::text, hash_algo),
              hash_value = coalesce($5::text, hash_value)
            where id = $1 returning
            """
                    .formatted(STORES_SQL)
                + Columns.IMAGE)
        .execute(
            Tuple.of(
                id.value(),
                size,
                digests == null ? null : digests.md5(),
                digests == null ? null : digests.algorithm(),
                digests == null ? null : digests.value()))
        .map(rows -> Rows.toImage(rows.iterator().next()));
  }

  /** Updates an image's own list of stores from its blobs. */
  public static Future<Void> writeStores(SqlConnection connection, ImageId id) {
    return connection
        .preparedQuery(
            "update images set stores = %s, updated_at = now() where id = $1".formatted(STORES_SQL))
        .execute(Tuple.of(id.value()))
        .mapEmpty();
  }

  /**
   * An external location.
   *
   * @param store the store that it belongs to
   * @param node the node that adds it
   */
  public record Place(Url url, String store, String node) {}

  /** Adds an external location with the user's metadata. */
  public static Future<Void> insert(
      SqlConnection connection, ImageId id, Place place, Map<String, Object> metadata) {
    return connection
        .preparedQuery(
            """
            insert into blobs (id, image_id, store, purpose, node, state, url, metadata, created_at)
            values ($1, $2, $3, 'image', $4, 'stored', $5, $6, clock_timestamp())
            """)
        .execute(
            Tuple.of(
                UUID.randomUUID(),
                id.value(),
                place.store(),
                place.node(),
                place.url().toString(),
                new JsonObject(metadata)))
        .mapEmpty();
  }

  /**
   * The blobs to copy an image's data from, oldest first; damaged ones only if there are no others.
   */
  public static Future<List<BlobRef>> blobs(SqlConnection connection, ImageId id) {
    return connection
        .preparedQuery(
            "select "
                + Columns.BLOB
                + " from blobs where image_id = $1 and "
                + SOUND_SQL
                + " order by created_at, id")
        .execute(Tuple.of(id.value()))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Rows::toBlob).toList());
  }
}
