package io.vitrine.catalog.images;

import static io.vitrine.image.problem.ProblemException.conflict;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.audit.AuditTrail;
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

  /** One statement that is a transaction by itself if need be, and takes one round trip. */
  private static final String INSERT_NOTED =
      """
      with images as (%s returning %s),
      noted as (insert into audit (%s) select $1, 'create', 'done', '{}', $16, $17, $18, $19, $20)
      select %s from images
      """
          .formatted(INSERT, Columns.IMAGE, AuditTrail.COLUMNS, Columns.IMAGE);

  private static final String NOTED_ONCE =
      """
      with images as (%s on conflict (id) do nothing returning id)
      insert into audit (%s) select $1, 'create', 'done', '{}', $16, $17, $18, $19, $20 from images
      """
          .formatted(INSERT, AuditTrail.COLUMNS);

  private Insertion() {}

  /** Adds an image; fails with a conflict if its id is, or ever was, in use. */
  static Future<Image> of(SqlClient client, Image image) {
    return add(client, INSERT + " returning " + Columns.IMAGE, values(image), image);
  }

  /** The same, with its record in the audit trail. */
  static Future<Image> noted(SqlClient client, Image image) {
    return add(client, INSERT_NOTED, noted(image), image);
  }

  private static Tuple noted(Image image) {
    return AuditTrail.addActorTo(values(image));
  }

  private static Future<Image> add(SqlClient client, String sql, Tuple values, Image image) {
    return client
        .preparedQuery(sql)
        .execute(values)
        .map(rows -> Rows.toImage(rows.iterator().next()))
        .recover(failure -> Future.failedFuture(toProblem(failure, image.id())));
  }

  /**
   * Adds an image that may have been added already: one with the same id that was created in the
   * same microsecond is this one. Only one that is new gets a record in the audit trail.
   */
  static Future<Image> once(SqlConnection connection, Image image) {
    return connection
        .preparedQuery(NOTED_ONCE)
        .execute(noted(image))
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
