package io.vitrine.catalog.events;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.task.TaskView;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The current state of images, their tasks and their uploads, for watchers. */
public final class ImageEvents {
  private final Pool pool;
  private final ProgressJournal progress;

  /** Reads from the pool. */
  public ImageEvents(Pool pool) {
    this.pool = pool;
    this.progress = new ProgressJournal(pool);
  }

  /**
   * An image, its tasks that are pending, running, or ended within the last minute, oldest first,
   * and how far its uploads are.
   */
  public record Snapshot(Image image, List<TaskView> tasks, List<UploadProgress> uploads) {
    /** Copies the lists. */
    public Snapshot {
      tasks = List.copyOf(tasks);
      uploads = List.copyOf(uploads);
    }
  }

  /** The snapshots of those images that exist; always three queries. */
  public Future<Map<ImageId, Snapshot>> of(Collection<ImageId> ids) {
    var key = Tuple.of(ids.stream().map(ImageId::value).toArray(UUID[]::new));
    return Future.all(tasks(key), uploads(ids))
        .compose(found -> images(key, found.resultAt(0), found.resultAt(1)));
  }

  private Future<Map<ImageId, List<TaskView>>> tasks(Tuple key) {
    return pool.preparedQuery(
            "select "
                + Columns.TASK
                + """
                 from tasks where image_id = any($1)
                  and (expires_at is null or updated_at > now() - interval '1 minute')
                order by created_at
                """)
        .execute(key)
        .map(rows -> stream(rows, Rows::toTask).collect(Collectors.groupingBy(ImageEvents::image)));
  }

  private Future<Map<ImageId, List<UploadProgress>>> uploads(Collection<ImageId> ids) {
    return progress
        .of(ids)
        .map(uploads -> uploads.stream().collect(Collectors.groupingBy(UploadProgress::image)));
  }

  /** Reads the images after their tasks, so that a task's end never shows before its effect. */
  private Future<Map<ImageId, Snapshot>> images(
      Tuple key, Map<ImageId, List<TaskView>> tasks, Map<ImageId, List<UploadProgress>> uploads) {
    return pool.preparedQuery(
            "select %s from images where id = any($1) and deleted_at is null"
                .formatted(Columns.IMAGE))
        .execute(key)
        .map(
            rows ->
                stream(rows, Rows::toImage)
                    .collect(
                        Collectors.toMap(
                            Image::id,
                            image ->
                                new Snapshot(
                                    image,
                                    tasks.getOrDefault(image.id(), List.of()),
                                    uploads.getOrDefault(image.id(), List.of())))));
  }

  /** The image of a task found by its image. */
  private static ImageId image(TaskView task) {
    return Objects.requireNonNull(task.image());
  }

  private static <T> Stream<T> stream(Iterable<Row> rows, Function<Row, T> read) {
    return StreamSupport.stream(rows.spliterator(), false).map(read);
  }
}
