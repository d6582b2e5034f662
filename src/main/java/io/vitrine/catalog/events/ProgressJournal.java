package io.vitrine.catalog.events;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * How far uploads are, from the processes that receive them to those that have watchers. Each
 * process writes all its uploads in one statement, to a table that is not logged.
 */
public final class ProgressJournal {
  /** After how long without news an upload counts as gone, as its process was killed. */
  private static final int STALE_SECONDS = 5;

  private static final int MOST_WATCHED = 500;
  private static final long UNKNOWN = -1;

  private static final String READ =
      """
      select image_id, purpose, sum(bytes)::bigint as bytes, sum(rate)::bigint as rate,
        case when count(total) = count(*) then sum(total)::bigint end as total
      from upload_progress where updated_at > now() - interval '%d seconds'%s
      group by image_id, purpose limit %d
      """;

  private static final String ALL = READ.formatted(STALE_SECONDS, "", MOST_WATCHED);
  private static final String OF_IMAGES =
      READ.formatted(STALE_SECONDS, " and image_id = any($1)", Integer.MAX_VALUE);

  private final Pool pool;

  /** A journal in a database. */
  public ProgressJournal(Pool pool) {
    this.pool = pool;
  }

  /** An upload under way; {@code id} is that of its blob. */
  public record Entry(UUID id, UploadProgress progress) {}

  /** Writes how far the uploads of this process are, and forgets those that have ended. */
  public Future<Void> write(List<Entry> running, Collection<UUID> ended) {
    var forgotten = ended.isEmpty() ? Future.<Void>succeededFuture() : forget(ended);
    return forgotten.compose(gone -> running.isEmpty() ? Future.succeededFuture() : write(running));
  }

  private Future<Void> write(List<Entry> running) {
    var progress = running.stream().map(Entry::progress).toList();
    return pool.preparedQuery(
            """
            insert into upload_progress (id, image_id, purpose, bytes, total, rate, updated_at)
            select id, image_id, purpose, bytes, nullif(total, -1), rate, now()
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
              as told (id, image_id, purpose, bytes, total, rate)
            order by id
            on conflict (id) do update set bytes = excluded.bytes, total = excluded.total,
              rate = excluded.rate, updated_at = excluded.updated_at
            """)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(running.stream().map(Entry::id).toArray(UUID[]::new))
                .addArrayOfUUID(
                    progress.stream().map(each -> each.image().value()).toArray(UUID[]::new))
                .addArrayOfString(
                    progress.stream().map(each -> each.purpose().text()).toArray(String[]::new))
                .addArrayOfLong(progress.stream().map(UploadProgress::bytes).toArray(Long[]::new))
                .addArrayOfLong(
                    progress.stream()
                        .map(each -> each.total().orElse(UNKNOWN))
                        .toArray(Long[]::new))
                .addArrayOfLong(
                    progress.stream().map(UploadProgress::bytesPerSecond).toArray(Long[]::new)))
        .mapEmpty();
  }

  /** Removes what has ended, and what processes left that were killed. */
  private Future<Void> forget(Collection<UUID> ended) {
    return pool.preparedQuery(
            """
            delete from upload_progress where id in (
              select id from upload_progress
              where id = any($1) or updated_at < now() - interval '1 minute'
              for update skip locked)
            """)
        .execute(Tuple.tuple().addArrayOfUUID(ended.toArray(UUID[]::new)))
        .mapEmpty();
  }

  /** How far the uploads of these images are. */
  public Future<List<UploadProgress>> of(Collection<ImageId> images) {
    return pool.preparedQuery(OF_IMAGES)
        .execute(
            Tuple.tuple().addArrayOfUUID(images.stream().map(ImageId::value).toArray(UUID[]::new)))
        .map(ProgressJournal::toList);
  }

  /** How far all uploads are, or some hundreds of them. */
  public Future<List<UploadProgress>> all() {
    return pool.preparedQuery(ALL).execute().map(ProgressJournal::toList);
  }

  private static List<UploadProgress> toList(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(
            row ->
                new UploadProgress(
                    new ImageId(row.getUUID("image_id")),
                    BlobRef.Purpose.of(row.getString("purpose")),
                    row.getLong("bytes"),
                    Optional.ofNullable(row.getLong("total")),
                    row.getLong("rate")))
        .toList();
  }
}
