package io.vitrine.catalog.images;

import static io.vitrine.image.problem.ProblemException.conflict;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.problem.ProblemException;

/** The statements that add an image. */
final class Insertion {
  private static final String INSERT =
      """
      insert into images (id, name, visibility, protected, hidden, owner, disk_format, container_format,
        min_disk, min_ram, tags, properties, updated_at, created_at, status)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
      """;

  private Insertion() {}

  /** Adds an image; fails with a conflict if its id is, or ever was, in use. */
  static Future<Image> of(SqlClient client, Image image) {
    return client
        .preparedQuery(INSERT + " returning " + Columns.IMAGE)
        .execute(values(image))
        .map(rows -> Rows.toImage(rows.iterator().next()))
        .recover(failure -> Future.failedFuture(toProblem(failure, image.id())));
  }

  /**
   * Adds an image that may have been added already: one with the same id that was created in the
   * same microsecond is this one.
   */
  static Future<Image> once(SqlConnection connection, Image image) {
    return connection
        .preparedQuery(INSERT + " on conflict (id) do nothing")
        .execute(values(image))
        .compose(
            added ->
                connection
                    .preparedQuery(
                        "select %s from images where id = $1 and created_at = $2"
                            .formatted(Columns.IMAGE))
                    .execute(Tuple.of(image.id().value(), Rows.toTime(image.createdAt()))))
        .map(
            rows ->
                ImageCatalog.first(rows).map(Rows::toImage).orElseThrow(() -> inUse(image.id())));
  }

  private static Tuple values(Image image) {
    return ImageCatalog.metadata(image)
        .addValue(Rows.toTime(image.createdAt()))
        .addValue(image.status().text());
  }

  private static Throwable toProblem(Throwable failure, ImageId id) {
    return CatalogFailures.isDuplicate(failure) ? inUse(id) : failure;
  }

  private static ProblemException inUse(ImageId id) {
    return conflict("Image ID %s already exists!".formatted(id));
  }
}
