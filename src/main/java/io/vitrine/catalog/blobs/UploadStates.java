package io.vitrine.catalog.blobs;

import static io.vitrine.image.problem.ProblemException.notFound;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.image.Caller;
import io.vitrine.image.ImageId;
import io.vitrine.image.Permit;
import io.vitrine.image.location.BlobRef;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** How far uploads are, for clients that go on only at the place that they are told. */
public final class UploadStates {
  private final Pool pool;
  private final UploadsConfig config;

  /** The states of the uploads in a database. */
  public UploadStates(Pool pool, UploadsConfig config) {
    this.pool = pool;
    this.config = config;
  }

  /** How long an upload may rest before it is given up. */
  public Duration expiry() {
    return config.expiry();
  }

  /** How long the holder of a lease may be silent. */
  public Duration takeover() {
    return config.takeover();
  }

  /**
   * The state of an upload.
   *
   * @param upload with all bytes that are durable, also the last one
   * @param isComplete whether the data is stored
   * @param isLeased whether a request is at work that has not been silent for too long
   */
  public record State(Upload upload, boolean isComplete, boolean isLeased) {}

  /**
   * An upload that the caller may go on with; fails as not found if there is none. Parts, and what
   * joins them, belong to another protocol.
   */
  public Future<State> find(UUID id, Caller caller, Function<BlobRef.Purpose, Permit> permit) {
    return UploadJournal.read(pool, id, "")
        .map(UploadRow::requireTime)
        .map(UploadStates::toState)
        .map(state -> requireWhole(id, state))
        .compose(
            state -> {
              var blob = state.upload().blob();
              return ImageCatalog.find(pool, blob.image(), caller, "")
                  .map(permit.apply(blob.purpose())::require)
                  .map(state);
            });
  }

  private static State requireWhole(UUID id, State state) {
    if (state.upload().concat().isPresent()) {
      throw notFound("There is no upload %s, or it has ended.".formatted(id));
    }
    return state;
  }

  private static State toState(Row row) {
    return new State(toDurable(row), UploadRow.isComplete(row), row.getBoolean("is_leased"));
  }

  /**
   * The uploads of an image that are not complete, the oldest first; fails as not found if the
   * caller cannot see the image, and as forbidden if there is an upload that it may not go on with.
   */
  public Future<List<State>> list(
      ImageId image, Caller caller, Function<BlobRef.Purpose, Permit> permit) {
    return ImageCatalog.find(pool, image, caller, "")
        .compose(
            seen ->
                pool.preparedQuery(
                        UploadRow.SELECT
                            + """
                            where blobs.image_id = $1 and blobs.state = 'writing' and uploads.expires_at > now()
                            order by blobs.created_at, blobs.id
                            """)
                    .execute(Tuple.of(image.value()))
                    .map(UploadStates::toStates)
                    .map(
                        open -> {
                          open.forEach(
                              state -> permit.apply(state.upload().blob().purpose()).require(seen));
                          return open;
                        }));
  }

  private static List<State> toStates(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(UploadStates::toState).toList();
  }

  /** The upload with all bytes that are durable, also the last one. */
  static Upload toDurable(Row row) {
    return UploadRow.toUpload(row)
        .with(row.getLong(UploadRow.isComplete(row) ? "size" : "received"));
  }

  /**
   * Takes the lease from the request that has it, if there is one. It can record nothing more, so
   * the upload stays as far as it is until another request leases it.
   */
  public Future<Void> endTurn(UUID id) {
    return pool.preparedQuery(
            """
            update uploads set leased_by = null, leased_until = null
            where id = $1 and leased_by is not null
            """)
        .execute(Tuple.of(id))
        .mapEmpty();
  }
}
