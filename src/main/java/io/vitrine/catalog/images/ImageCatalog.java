package io.vitrine.catalog.images;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.notFound;

import io.vertx.core.Future;
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
import io.vitrine.image.ImageQuery;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Permit;
import io.vitrine.image.edit.ImageChange;
import io.vitrine.notification.ImageEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Image metadata. An image that the caller may not see does not exist for it. */
public final class ImageCatalog {
  private static final String FIND =
      find("exists (select from members where image_id = images.id and member = $2)");
  private static final String FIND_WITHOUT_PROJECT = find("false");

  private final Pool pool;
  private final boolean isDeleteDelayed;
  private final Outbox outbox;

  /** A catalog without notifications; the data of a deleted image is removed at once. */
  public ImageCatalog(Pool pool) {
    this(pool, false);
  }

  /** A catalog without notifications. */
  public ImageCatalog(Pool pool, boolean isDeleteDelayed) {
    this(pool, isDeleteDelayed, Outbox.OFF);
  }

  /**
   * A catalog in a database.
   *
   * @param isDeleteDelayed whether the data of a deleted image is kept until it is scrubbed
   */
  public ImageCatalog(Pool pool, boolean isDeleteDelayed, Outbox outbox) {
    this.pool = pool;
    this.isDeleteDelayed = isDeleteDelayed;
    this.outbox = outbox;
  }

  /** Adds an image; fails with a conflict if its id is, or ever was, in use. */
  public Future<Image> create(Image image) {
    return Insertion.of(pool, image);
  }

  /** Fails as not found if the caller does not see the image. */
  public Future<Image> get(ImageId id, Caller caller) {
    return find(pool, id, caller, "");
  }

  /**
   * A page of a list.
   *
   * @param hasNext whether more images may follow
   */
  public record Page(List<Image> images, boolean hasNext) {
    /** An empty last page. */
    public static final Page EMPTY = new Page(List.of(), false);

    /** Copies the list. */
    public Page {
      images = List.copyOf(images);
    }
  }

  /**
   * The images that match the query and that the caller sees, in the query's order; fewer than the
   * limit if they are large.
   */
  public Future<Page> list(ImageQuery query, Caller caller) {
    return marker(query, caller)
        .compose(
            marker -> {
              var statement = new ListStatement(query, caller, marker);
              return pool.preparedQuery(statement.sql()).execute(statement.values());
            })
        .map(rows -> toPage(rows, query.limit()));
  }

  private static Page toPage(RowSet<Row> rows, int limit) {
    var images = new ArrayList<Image>(rows.size());
    Optional<Row> last = Optional.empty();
    for (var row : rows) {
      images.add(Rows.toImage(row));
      last = Optional.of(row);
    }
    boolean hasNext =
        last.filter(row -> images.size() == limit || ListStatement.isFull(row)).isPresent();
    return new Page(images, hasNext);
  }

  /**
   * Fails the same way for an unknown and an invisible marker. Glance answers 400 and 403, which
   * reveals the ids of others.
   */
  private Future<Optional<Image>> marker(ImageQuery query, Caller caller) {
    if (query.marker().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    return get(query.marker().get(), caller)
        .map(Optional::of)
        .recover(
            absent ->
                Future.failedFuture(
                    invalid(
                        "The marker %s is not an image that you can see."
                            .formatted(query.marker().get()))));
  }

  /**
   * The digests ({@code os_hash_value}) of those of the images that are active, whose data everyone
   * who sees them may read.
   */
  public Future<Map<ImageId, String>> active(List<ImageId> ids) {
    return pool.preparedQuery(
            """
            select id, hash_value from images
            where id = any($1) and status = 'active' and hash_value is not null and deleted_at is null
            """)
        .execute(Tuple.of(ids.stream().map(ImageId::value).toArray(UUID[]::new)))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .collect(
                        Collectors.toMap(
                            row -> new ImageId(row.getUUID("id")),
                            row -> row.getString("hash_value"))));
  }

  /**
   * Changes an image's metadata in one transaction; fails as forbidden if the caller may only read.
   */
  public Future<ImageChange> update(
      ImageId id, Caller caller, Permit permit, UnaryOperator<Image> change) {
    return Transactions.in(
        pool,
        connection ->
            lockForChange(connection, id, caller, permit)
                .compose(image -> save(connection, new ImageChange(image, change.apply(image))))
                .compose(done -> outbox.image(connection, id, ImageEvent.UPDATE).map(done)));
  }

  private static Future<ImageChange> save(SqlConnection connection, ImageChange change) {
    return AuditTrail.beside(
            save(connection, change.after()), connection, AuditEntry.of(AuditAction.UPDATE, change))
        .map(saved -> new ImageChange(change.before(), saved));
  }

  static Future<Image> save(SqlConnection connection, Image image) {
    return connection
        .preparedQuery(
            """
            update images set name = $2, visibility = $3, protected = $4, hidden = $5, owner = $6, disk_format = $7,
              container_format = $8, min_disk = $9, min_ram = $10, tags = $11, properties = $12, updated_at = $13
            where id = $1 returning
            """
                + Columns.IMAGE)
        .execute(metadata(image))
        .map(rows -> Rows.toImage(rows.iterator().next()));
  }

  /** The columns that users change, from the id to the time of the change. */
  static Tuple metadata(Image image) {
    return Tuple.tuple()
        .addValue(image.id().value())
        .addValue(image.name())
        .addValue(image.visibility().text())
        .addValue(image.isProtected())
        .addValue(image.isHidden())
        .addValue(image.owner())
        .addValue(image.diskFormat())
        .addValue(image.containerFormat())
        .addValue(image.minDisk())
        .addValue(image.minRam())
        .addValue(image.tags().toArray(String[]::new))
        .addValue(Rows.toJson(image.properties()))
        .addValue(Rows.toTime(image.updatedAt()));
  }

  /**
   * Activates or deactivates an image; fails as forbidden in any other status. Does nothing if the
   * image has the status already.
   */
  public Future<Void> turn(ImageId id, Caller caller, Permit permit, ImageStatus status) {
    return Transactions.in(
        pool,
        connection ->
            lockForChange(connection, id, caller, permit)
                .map(image -> requireTurnable(image, status))
                .compose(
                    image ->
                        connection
                            .preparedQuery(
                                "update images set status = $2, updated_at = now() where id = $1"
                                    + " and status <> $2")
                            .execute(Tuple.of(id.value(), status.text())))
                .compose(
                    rows ->
                        rows.rowCount() == 0
                            ? Future.succeededFuture()
                            : tellTurned(connection, id, status)));
  }

  private Future<Void> tellTurned(SqlConnection connection, ImageId id, ImageStatus status) {
    boolean isActive = status == ImageStatus.ACTIVE;
    return AuditTrail.beside(
        outbox.image(
            connection,
            id,
            isActive ? ImageEvent.REACTIVATE : ImageEvent.DEACTIVATE,
            ImageEvent.UPDATE),
        connection,
        AuditEntry.of(id, isActive ? AuditAction.REACTIVATE : AuditAction.DEACTIVATE));
  }

  private static Image requireTurnable(Image image, ImageStatus status) {
    if (image.status() != ImageStatus.ACTIVE && image.status() != ImageStatus.DEACTIVATED) {
      throw forbidden(
          "Image %s is %s; only an active or deactivated image can become %s."
              .formatted(image.id(), image.status().text(), status.text()));
    }
    return image;
  }

  /**
   * A deleted image.
   *
   * @param blobs the ids of the data to remove
   */
  public record Deleted(Image image, List<UUID> blobs) {
    /** Copies the list. */
    public Deleted {
      blobs = List.copyOf(blobs);
    }
  }

  /** Whether the data of a deleted image is kept for a time. */
  public boolean isDeleteDelayed() {
    return isDeleteDelayed;
  }

  /** Deletes an image, gives up its data and ends its imports. */
  public Future<Deleted> delete(ImageId id, Caller caller, Permit permit) {
    return Transactions.in(
        pool,
        connection ->
            lockForChange(connection, id, caller, permit)
                .map(ImageCatalog::requireDeletable)
                .compose(
                    image ->
                        AuditTrail.beside(
                                bury(connection, image),
                                connection,
                                AuditEntry.of(id, AuditAction.DELETE))
                            .map(blobs -> new Deleted(image, blobs)))
                .compose(deleted -> outbox.image(connection, id, ImageEvent.DELETE).map(deleted)));
  }

  /** Fails as forbidden if the image is protected. */
  public static Image requireDeletable(Image image) {
    if (image.isProtected()) {
      throw forbidden("Image %s is protected and cannot be deleted.".formatted(image.id()));
    }
    return image;
  }

  private Future<List<UUID>> bury(SqlConnection connection, Image image) {
    var key = Tuple.of(image.id().value());
    boolean isKept = isDeleteDelayed && image.status().canBecome(ImageStatus.PENDING_DELETE);
    var status = isKept ? ImageStatus.PENDING_DELETE : ImageStatus.DELETED;
    return connection
        .preparedQuery(
            "update images set status = $2, deleted_at = now(), updated_at = now() where id = $1")
        .execute(Tuple.of(image.id().value(), status.text()))
        .compose(
            buried ->
                connection
                    .preparedQuery(
                        """
                        update tasks set status = 'failure', message = 'The image was deleted.', updated_at = now(),
                          access = null, leased_by = null, leased_until = null
                        where image_id = $1 and status in ('pending', 'processing')
                        """)
                    .execute(key))
        .compose(
            ended ->
                connection.preparedQuery("delete from members where image_id = $1").execute(key))
        .compose(
            unshared ->
                connection.preparedQuery("delete from tickets where image_id = $1").execute(key))
        .compose(
            withdrawn ->
                connection
                    .preparedQuery(
                        "update blobs set state = 'deleting' where image_id = $1"
                            + (isKept ? " and (purpose = 'staging' or state <> 'stored')" : "")
                            + " returning id")
                    .execute(key))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.getUUID("id"))
                    .toList());
  }

  /**
   * Locks an image's row, whatever its state, until the transaction ends. To avoid deadlocks, every
   * transaction locks the image first, then tasks, then blobs.
   */
  public static Future<Void> lock(SqlConnection connection, ImageId id) {
    return connection
        .preparedQuery("select 1 from images where id = $1 for no key update")
        .execute(Tuple.of(id.value()))
        .mapEmpty();
  }

  /**
   * Locks the image until the transaction ends; fails unless the caller sees it and has permission.
   */
  public static Future<Image> lockForChange(
      SqlConnection connection, ImageId id, Caller caller, Permit permit) {
    return find(connection, id, caller, " for update").map(permit::require);
  }

  /**
   * Reads the image with the given lock clause; fails as not found if the caller does not see it.
   */
  public static Future<Image> find(SqlClient client, ImageId id, Caller caller, String lock) {
    // With a null for the project, the database would plan the statement anew each time.
    var project = caller.project();
    return client
        .preparedQuery((project == null ? FIND_WITHOUT_PROJECT : FIND) + lock)
        .execute(project == null ? Tuple.of(id.value()) : Tuple.of(id.value(), project))
        .map(rows -> first(rows).flatMap(row -> seen(row, caller)))
        .map(found -> found.orElseThrow(() -> notFound("No image found with ID %s".formatted(id))));
  }

  static Optional<Row> first(RowSet<Row> rows) {
    return rows.size() == 0 ? Optional.empty() : Optional.of(rows.iterator().next());
  }

  private static String find(String isMember) {
    return "select %s, %s as is_member from images where id = $1 and deleted_at is null"
        .formatted(Columns.IMAGE, isMember);
  }

  private static Optional<Image> seen(Row row, Caller caller) {
    var image = Rows.toImage(row);
    return caller.sees(image, row.getBoolean("is_member")) ? Optional.of(image) : Optional.empty();
  }

  /** Fails while another task works on the image. */
  public static Future<Image> requireIdle(SqlConnection connection, Image image) {
    return connection
        .preparedQuery(
            "select 1 from tasks where image_id = $1 and status in ('pending', 'processing')")
        .execute(Tuple.of(image.id().value()))
        .map(
            rows -> {
              if (rows.size() > 0) {
                throw conflict("Image has active task.");
              }
              return image;
            });
  }
}
