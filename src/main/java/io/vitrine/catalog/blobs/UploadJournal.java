package io.vitrine.catalog.blobs;

import static io.vitrine.image.problem.ProblemException.conflict;
import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.gone;
import static io.vitrine.image.problem.ProblemException.locked;
import static io.vitrine.image.problem.ProblemException.notFound;
import static io.vitrine.image.problem.ProblemException.tooLarge;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.blobs.BlobJournal.Begun;
import io.vitrine.catalog.images.Allowance;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.Quotas;
import io.vitrine.catalog.sql.Leaseholder;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.Permit;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.HashClaim;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * The journal of uploads that may take several requests. The blob of such an upload is begun as
 * others are and then kept without a lease; each request leases the upload, from one that has ended
 * or has been silent for too long.
 */
public final class UploadJournal {
  private final Pool pool;
  private final Leaseholder process;
  private final Quotas quotas;
  private final UploadsConfig config;

  /**
   * A journal in a database.
   *
   * @param process the holder of the lease that new blobs have
   */
  public UploadJournal(Pool pool, Leaseholder process, Quotas quotas, UploadsConfig config) {
    this.pool = pool;
    this.process = process;
    this.quotas = quotas;
    this.config = config;
  }

  /** How long an upload may rest. */
  Duration expiry() {
    return config.expiry();
  }

  /** How long the holder of a lease may be silent. */
  public Duration takeover() {
    return config.takeover();
  }

  /**
   * Makes a blob that has just begun one of an upload, and leases that to the present request.
   *
   * @param digests what the whole data must hash to
   */
  public Future<UploadLease> create(
      Begun begun, Optional<Long> length, Optional<String> metadata, List<HashClaim> digests) {
    var blob = begun.blob();
    var upload = new Upload(blob, length, 0, metadata, Instant.MAX, Optional.empty(), digests);
    var holder = UUID.randomUUID();
    return quotas
        .of(begun.image().owner())
        .compose(
            allowance ->
                Transactions.in(
                    pool,
                    connection ->
                        keep(connection, blob)
                            .compose(kept -> insert(connection, upload, holder))
                            .map(
                                expiry ->
                                    new UploadLease(
                                        holder,
                                        1,
                                        upload.until(expiry),
                                        checked(begun, allowance)))))
        .onSuccess(lease -> process.drop(blob.id()));
  }

  /** The size is checked again at the end, even if it is reserved. */
  static Begun checked(Begun begun, Allowance allowance) {
    return new Begun(begun.blob(), begun.image(), begun.roomBytes(), allowance);
  }

  /** Takes the lease off a blob, so that it is not abandoned with this process. */
  Future<Void> keep(SqlConnection connection, BlobRef blob) {
    return connection
        .preparedQuery(
            """
            update blobs set leased_by = null, leased_until = null
            where id = $1 and leased_by = $2 and state = 'writing'
            """)
        .execute(Tuple.of(blob.id(), process.id()))
        .compose(rows -> BlobJournal.requireOne(rows.rowCount()));
  }

  /** Adds the row of an upload that begins; answers when it expires. */
  Future<Instant> insert(SqlConnection connection, Upload upload, UUID holder) {
    return connection
        .preparedQuery(
            """
            insert into uploads
              (id, length, client_metadata, leased_by, client_concat, digests, leased_until, expires_at)
            values ($1, $2, $3, $4, $5, $6, %s, %s) returning expires_at
            """
                .formatted(in(config.takeover()), in(config.expiry())))
        .execute(
            Tuple.of(
                upload.blob().id(),
                upload.length().orElse(null),
                upload.metadata().orElse(null),
                holder,
                upload.concat().orElse(null),
                UploadRow.texts(upload.digests())))
        .map(UploadJournal::expiry);
  }

  static String in(Duration time) {
    return "now() + interval '%d milliseconds'".formatted(time.toMillis());
  }

  static Instant expiry(RowSet<Row> rows) {
    return rows.iterator().next().getOffsetDateTime("expires_at").toInstant();
  }

  /** An upload that the caller may go on with; fails as not found if there is none. */
  public Future<Upload> find(UUID id, Caller caller, Function<BlobRef.Purpose, Permit> permit) {
    return read(pool, id, "")
        .map(UploadRow::requireTime)
        .map(UploadRow::toUpload)
        .compose(
            upload ->
                ImageCatalog.find(pool, upload.blob().image(), caller, "")
                    .map(permit.apply(upload.blob().purpose())::require)
                    .map(upload));
  }

  /**
   * An upload like the one that a client asks for, which has brought nothing yet: the client may
   * not have got the answer when it began that.
   */
  public Future<Optional<Upload>> findUntouched(
      ImageId image, BlobPlan plan, Optional<String> metadata, List<HashClaim> digests) {
    return pool.preparedQuery(
            UploadRow.SELECT
                + """
                where blobs.image_id = $1 and blobs.state = 'writing' and blobs.purpose = $2 and blobs.store = $3
                  and uploads.received = 0 and uploads.length is not distinct from $4::bigint
                  and uploads.client_metadata is not distinct from $5::text
                  and (uploads.digests is null or uploads.digests = $6)
                  and (uploads.leased_until is null or uploads.leased_until < now())
                  and uploads.client_concat is null and uploads.expires_at > now()
                """)
        .execute(
            Tuple.of(
                image.value(),
                plan.purpose().text(),
                plan.store(),
                plan.size().orElse(null),
                metadata.orElse(null),
                UploadRow.texts(digests)))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .findFirst()
                    .map(UploadRow::toUpload));
  }

  static Future<Row> read(SqlClient client, UUID id, String lock) {
    return client
        .preparedQuery(
            UploadRow.SELECT + "where uploads.id = $1 and blobs.state <> 'deleting'" + lock)
        .execute(Tuple.of(id))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .findFirst()
                    .orElseThrow(
                        () -> notFound("There is no upload %s, or it has ended.".formatted(id))));
  }

  /**
   * Leases an upload to a request, from one that has ended or has been silent for too long. Fails
   * as locked if another request is at work, as a conflict if the request goes on at another place
   * than the upload, and as too large if that is more than the upload or the quota has room for.
   */
  public Future<UploadLease> lease(UUID id, UploadRequest request) {
    return read(pool, id, "")
        .map(Rows::toBlob)
        .compose(
            blob ->
                quotas
                    .of(blob.image())
                    .compose(
                        allowance ->
                            Transactions.in(
                                pool,
                                connection ->
                                    ImageCatalog.lockForChange(
                                            connection,
                                            blob.image(),
                                            request.caller(),
                                            request.permit().apply(blob.purpose()))
                                        .compose(
                                            image ->
                                                take(connection, image, blob, request)
                                                    .compose(
                                                        lease ->
                                                            withRoom(
                                                                connection, lease, allowance))))));
  }

  private Future<UploadLease> take(
      SqlConnection connection, Image image, BlobRef blob, UploadRequest request) {
    var holder = UUID.randomUUID();
    return read(connection, blob.id(), " for update of uploads")
        .map(row -> requireFree(row, request))
        .compose(
            upload ->
                connection
                    .preparedQuery(
                        """
                        update uploads set leased_by = $2, leased_until = %s, expires_at = %s, turn = turn + 1,
                          received = $3, length = $4
                        where id = $1 returning turn, expires_at
                        """
                            .formatted(in(config.takeover()), in(config.expiry())))
                    .execute(
                        Tuple.of(
                            blob.id(), holder, upload.received(), upload.length().orElse(null)))
                    .map(
                        rows ->
                            new UploadLease(
                                holder,
                                rows.iterator().next().getLong("turn"),
                                upload,
                                new Begun(blob, image))));
  }

  private static Upload requireFree(Row row, UploadRequest request) {
    var all = UploadStates.toDurable(row);
    var upload = request.offset() == all.received() ? all : UploadRow.toUpload(row);
    if (upload.isJoined()) {
      throw forbidden("The upload joins others, and takes no data itself.");
    }
    if (row.getBoolean("is_leased")) {
      throw locked("Another request is sending data for this upload; try again soon.");
    }
    if (UploadRow.isComplete(row) || upload.isCompletePart()) {
      throw conflict("The upload is complete.");
    }
    UploadRow.requireTime(row);
    if (request.offset() != upload.received()) {
      throw conflict(
          "Upload-Offset is %d, but the upload goes on at %d."
              .formatted(request.offset(), upload.received()));
    }
    var length = upload.length().or(request::length);
    if (request.length().isPresent() && !request.length().equals(length)) {
      throw conflict("The length of the upload is %d already.".formatted(length.orElseThrow()));
    }
    requireFit(request.offset() + request.bytes().orElse(0L), length);
    return upload.of(length);
  }

  private static void requireFit(long end, Optional<Long> length) {
    if (end > length.orElse(Long.MAX_VALUE)) {
      throw tooLarge(
          "The data would end at %d, but the length of the upload is %d."
              .formatted(end, length.orElseThrow()));
    }
  }

  /** Reserves a length that has become known, and measures the room for one that has not. */
  private static Future<UploadLease> withRoom(
      SqlConnection connection, UploadLease lease, Allowance allowance) {
    var upload = lease.upload();
    var blob = upload.blob();
    var begun = lease.begun();
    long size = upload.length().orElse(upload.received());
    return setSize(connection, blob, size)
        .compose(set -> allowance.require(connection, BlobJournal.resource(blob), size))
        .map(
            left ->
                upload.length().isPresent() || left == Long.MAX_VALUE
                    ? Long.MAX_VALUE
                    : size + left)
        .map(
            room ->
                new UploadLease(
                    lease.holder(),
                    lease.turn(),
                    upload,
                    new Begun(blob, begun.image(), room, allowance)));
  }

  private static Future<Void> setSize(SqlConnection connection, BlobRef blob, long size) {
    return connection
        .preparedQuery(
            "update blobs set size = $2 where id = $1 and state = 'writing' and size is distinct from $2")
        .execute(Tuple.of(blob.id(), size))
        .mapEmpty();
  }

  /**
   * Notes how many bytes are durable, and keeps the lease. Fails as a conflict if another request
   * has it, and as gone if the upload has ended.
   */
  public Future<Void> renew(UploadLease lease, long received) {
    return pool.preparedQuery(
            """
            update uploads set received = $3, leased_until = %s, expires_at = %s
            where id = $1 and leased_by = $2
            """
                .formatted(in(config.takeover()), in(config.expiry())))
        .execute(Tuple.of(lease.id(), lease.holder(), received))
        .compose(rows -> requireHeld(pool, lease, rows.rowCount()));
  }

  /** Fails like {@link #renew} if the lease is lost; does not keep it. */
  public Future<Void> requireHeld(UploadLease lease) {
    return pool.preparedQuery("select from uploads where id = $1 and leased_by = $2")
        .execute(Tuple.of(lease.id(), lease.holder()))
        .compose(rows -> requireHeld(pool, lease, rows.size()));
  }

  /** Fails, if no row has the lease, in a way that tells the client whether it can go on. */
  static Future<Void> requireHeld(SqlClient client, UploadLease lease, int rows) {
    return rows == 1
        ? Future.succeededFuture()
        : client
            .preparedQuery("select state from uploads join blobs using (id) where id = $1")
            .execute(Tuple.of(lease.id()))
            .map(
                states -> {
                  throw isOpen(states)
                      ? conflict("Another request goes on with the upload; ask how far it is.")
                      : gone("The upload has ended.");
                });
  }

  /** Data that is stored counts too: the client will find its upload complete. */
  private static boolean isOpen(RowSet<Row> states) {
    return StreamSupport.stream(states.spliterator(), false)
        .anyMatch(row -> !row.getString("state").equals("deleting"));
  }

  /** Notes how many bytes are durable, and gives the lease back. */
  public Future<Upload> leave(UploadLease lease, long received) {
    var blob = lease.upload().blob();
    return Transactions.in(
            pool,
            connection ->
                ImageCatalog.lock(connection, blob.image())
                    .compose(
                        locked ->
                            setSize(connection, blob, lease.upload().length().orElse(received)))
                    .compose(
                        set ->
                            connection
                                .preparedQuery(
                                    """
                                    update uploads set received = $3, leased_by = null, leased_until = null,
                                      expires_at = %s
                                    where id = $1 and leased_by = $2 returning expires_at
                                    """
                                        .formatted(in(config.expiry())))
                                .execute(Tuple.of(lease.id(), lease.holder(), received)))
                    .compose(
                        rows ->
                            requireHeld(connection, lease, rows.size()).map(held -> expiry(rows))))
        .map(expiry -> lease.upload().until(expiry).with(received));
  }
}
