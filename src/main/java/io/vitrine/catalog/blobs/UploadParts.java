package io.vitrine.catalog.blobs;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.gone;
import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.locked;
import static io.vitrine.image.problem.ProblemException.notFound;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.images.Allowance;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.Quotas;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Permit;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * Uploads that are parts of the data of an image. Their blobs are written as those of other
 * uploads, but never stored: the data of all of them is joined in another blob, and they are given
 * up in the transaction that stores that. Parts leave the status of their image alone: many may be
 * on their way at once, and none of them keeps other data from the image.
 */
public final class UploadParts {
  /** How many parts an image may have. */
  public static final int MOST = 64;

  private final Pool pool;
  private final Quotas quotas;
  private final BlobJournal blobs;
  private final UploadJournal uploads;

  /** The parts whose blobs and uploads are in these journals. */
  public UploadParts(Pool pool, Quotas quotas, BlobJournal blobs, UploadJournal uploads) {
    this.pool = pool;
    this.quotas = quotas;
    this.blobs = blobs;
    this.uploads = uploads;
  }

  /** How long a part may rest. */
  public Duration expiry() {
    return uploads.expiry();
  }

  /**
   * Begins a part, leased to the present request. Fails as a conflict if the image has data, or
   * gets it otherwise, or has too many parts.
   */
  public Future<UploadLease> create(ImageId image, NewPart part) {
    return quotas
        .of(image)
        .compose(
            allowance ->
                Transactions.in(
                    pool,
                    connection ->
                        ImageCatalog.lockForChange(connection, image, part.caller(), part.permit())
                            .map(UploadParts::requireNoData)
                            .compose(found -> requireFew(connection, found))
                            .compose(found -> insert(connection, found, part, allowance))));
  }

  private static Image requireNoData(Image image) {
    if (!image.status().canBecome(ImageStatus.SAVING)) {
      throw new ProblemException(image.cannotBecome(ImageStatus.SAVING));
    }
    return image;
  }

  private static Future<Image> requireFew(SqlConnection connection, Image image) {
    return connection
        .preparedQuery(
            """
            select count(*) as parts from uploads join blobs on blobs.id = uploads.id
            where blobs.image_id = $1 and blobs.state = 'writing' and uploads.client_concat = 'partial'
            """)
        .execute(Tuple.of(image.id().value()))
        .compose(
            rows ->
                rows.iterator().next().getLong("parts") < MOST
                    ? Future.succeededFuture(image)
                    : Future.failedFuture(
                        conflict(
                            "The image has %d parts already, the most there may be."
                                .formatted(MOST))));
  }

  private Future<UploadLease> insert(
      SqlConnection connection, Image image, NewPart part, Allowance allowance) {
    var holder = UUID.randomUUID();
    return blobs
        .begin(connection, image, part.plan(), allowance)
        .compose(
            begun -> {
              var upload =
                  new Upload(
                      begun.blob(),
                      part.plan().size(),
                      0,
                      part.metadata(),
                      Instant.MAX,
                      Optional.of(Upload.PART),
                      List.of());
              return uploads
                  .keep(connection, begun.blob())
                  .compose(kept -> uploads.insert(connection, upload, holder))
                  .map(
                      expiry ->
                          new UploadLease(
                              holder,
                              1,
                              upload.until(expiry),
                              UploadJournal.checked(begun, allowance)));
            });
  }

  /**
   * The parts of an image with these ids, in their order. Fails as invalid if one is no part of the
   * image, and as a conflict if it is incomplete.
   */
  public Future<List<Upload>> find(ImageId image, List<UUID> ids) {
    return pool.preparedQuery(
            UploadRow.SELECT
                + """
                where uploads.id = any($1) and blobs.image_id = $2 and blobs.state = 'writing'
                  and uploads.client_concat = 'partial'
                """)
        .execute(Tuple.tuple().addArrayOfUUID(ids.toArray(UUID[]::new)).addUUID(image.value()))
        .map(
            rows -> {
              var found = new HashMap<UUID, Row>();
              rows.forEach(row -> found.put(row.getUUID("id"), row));
              return ids.stream()
                  .map(id -> requireComplete(id, Optional.ofNullable(found.get(id))))
                  .toList();
            });
  }

  private static Upload requireComplete(UUID id, Optional<Row> found) {
    var row =
        found
            .map(UploadRow::requireTime)
            .orElseThrow(() -> invalid("The image has no partial upload %s.".formatted(id)));
    var part = UploadRow.toUpload(row);
    if (!part.isCompletePart()) {
      throw conflict("The partial upload %s is not complete.".formatted(id));
    }
    if (row.getBoolean("is_leased")) {
      throw locked("A request still sends data for the partial upload %s.".formatted(id));
    }
    return part;
  }

  /**
   * The upload that has joined these parts, whose data is that of the image; fails as not found or
   * forbidden unless the caller sees the image and has permission.
   */
  public Future<Optional<Upload>> joined(
      ImageId image, List<UUID> ids, Caller caller, Permit permit) {
    return ImageCatalog.find(pool, image, caller, "")
        .map(permit::require)
        .compose(
            seen ->
                pool.preparedQuery(
                        UploadRow.SELECT
                            + "where blobs.image_id = $1 and blobs.state = 'stored' and uploads.parts = $2")
                    .execute(
                        Tuple.tuple()
                            .addUUID(image.value())
                            .addArrayOfUUID(ids.toArray(UUID[]::new))))
        .map(rows -> first(rows).map(UploadRow::toUpload));
  }

  private static Optional<Row> first(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).findFirst();
  }

  /**
   * A part that is no more, as its data is that of the image; fails as not found if there was none.
   * A client that has not got the answer when the parts were joined finds all of them complete.
   */
  public Future<Upload> findJoined(
      UUID id, Caller caller, Function<BlobRef.Purpose, Permit> permit) {
    return pool.preparedQuery(
            "select "
                + UploadRow.COLUMNS
                + """
                , uploads.part_sizes[array_position(uploads.parts, $1::uuid)] as part_size
                from uploads join blobs on blobs.id = uploads.id
                where $1::uuid = any(uploads.parts) and blobs.state = 'stored'
                """)
        .execute(Tuple.of(id))
        .map(
            rows ->
                first(rows)
                    .map(UploadParts::toPart)
                    .orElseThrow(
                        () -> notFound("There is no upload %s, or it has ended.".formatted(id))))
        .compose(
            part ->
                ImageCatalog.find(pool, part.blob().image(), caller, "")
                    .map(permit.apply(part.blob().purpose())::require)
                    .map(part));
  }

  private static Upload toPart(Row row) {
    var joined = UploadRow.toUpload(row);
    long size = row.getLong("part_size");
    return new Upload(
        joined.blob(),
        Optional.of(size),
        size,
        Optional.empty(),
        joined.expiresAt(),
        Optional.of(Upload.PART),
        List.of());
  }

  /** Lets parts rest from now on, so that they do not expire while they are joined. */
  public Future<Void> touch(List<Upload> parts) {
    return pool.preparedQuery(
            "update uploads set expires_at = %s where id = any($1)"
                .formatted(UploadJournal.in(uploads.expiry())))
        .execute(Tuple.tuple().addArrayOfUUID(ids(parts)))
        .mapEmpty();
  }

  private static UUID[] ids(List<Upload> parts) {
    return parts.stream().map(part -> part.blob().id()).toArray(UUID[]::new);
  }

  /**
   * Makes the data of a blob, which is that of the parts, the data of the image, and gives the
   * parts up. Fails as gone, without any effect, if one of them is. The client can ask for the
   * upload until it expires.
   *
   * @param upload what the client will know of the blob
   */
  public Future<Upload> commit(
      BlobJournal.Begun begun, Upload upload, List<Upload> parts, UploadEndings.Complete complete) {
    return blobs
        .storing(
            begun.blob(),
            connection ->
                giveUp(connection, begun.blob().image(), parts)
                    .compose(given -> store(connection, begun, complete))
                    .compose(stored -> insert(connection, upload, parts)))
        .map(upload.until(Instant.now().plus(uploads.expiry())));
  }

  private static Future<Void> giveUp(SqlConnection connection, ImageId image, List<Upload> parts) {
    return connection
        .preparedQuery(
            """
            update blobs set state = 'deleting'
            where id in (select id from blobs where id = any($1) and image_id = $2 and state = 'writing'
              order by id for update)
            """)
        .execute(Tuple.tuple().addArrayOfUUID(ids(parts)).addUUID(image.value()))
        .compose(
            rows ->
                rows.rowCount() == parts.size()
                    ? Future.succeededFuture()
                    : Future.failedFuture(gone("A partial upload has ended meanwhile.")));
  }

  private Future<Void> store(
      SqlConnection connection, BlobJournal.Begun begun, UploadEndings.Complete complete) {
    return switch (begun.blob().purpose()) {
      case IMAGE ->
          blobs
              .commits()
              .activate(
                  connection,
                  begun,
                  new BlobCommits.Content(
                      complete.size(), complete.digests().orElseThrow(), complete.virtualSize()));
      case STAGING -> blobs.commits().stage(connection, begun, complete.size(), complete.digests());
    };
  }

  private Future<Void> insert(SqlConnection connection, Upload upload, List<Upload> parts) {
    return connection
        .preparedQuery(
            """
            insert into uploads
              (id, length, received, client_metadata, client_concat, parts, part_sizes, digests, expires_at)
            values ($1, $2, $2, $3, $4, $5, $6, $7, %s)
            """
                .formatted(UploadJournal.in(uploads.expiry())))
        .execute(
            Tuple.of(
                upload.blob().id(),
                upload.received(),
                upload.metadata().orElse(null),
                upload.concat().orElse(null),
                ids(parts),
                parts.stream().map(Upload::received).toArray(Long[]::new),
                UploadRow.texts(upload.digests())))
        .mapEmpty();
  }
}
