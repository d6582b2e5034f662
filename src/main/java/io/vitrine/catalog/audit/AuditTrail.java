package io.vitrine.catalog.audit;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/**
 * Writes the audit trail of images. A record is written in the transaction of its change, so there
 * is no change without a record: if it cannot be written, the change fails.
 */
public final class AuditTrail {
  /** The columns of a record: what was done to which image, and from the fifth on, by whom. */
  public static final String COLUMNS =
      "image_id, action, outcome, details, user_id, project, request_id, via, ticket";

  private static final String INSERT =
      "insert into audit (%s) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)".formatted(COLUMNS);

  private static final String INSERT_OF_TASK =
      """
      insert into audit (image_id, action, outcome, details, user_id, project, request_id, via)
      select $1, $2, $3, $4, user_id, owner, request_id, $5 from tasks where id = $6
      """;

  private AuditTrail() {}

  /** Records a change by the actor of the current context. */
  public static Future<Void> record(SqlConnection connection, AuditEntry entry) {
    return record(connection, entry, CurrentActor.get());
  }

  /** Records a change by the actor. */
  public static Future<Void> record(SqlConnection connection, AuditEntry entry, Actor actor) {
    return connection
        .preparedQuery(INSERT)
        .execute(add(add(Tuple.tuple(), entry), actor))
        .mapEmpty();
  }

  /** Records a change that a task makes for the user who asked for it. */
  public static Future<Void> ofTask(SqlConnection connection, UUID task, AuditEntry entry) {
    return connection
        .preparedQuery(INSERT_OF_TASK)
        .execute(
            add(Tuple.tuple(), entry.with("task", task.toString()))
                .addValue(Via.WORKER.text())
                .addValue(task))
        .mapEmpty();
  }

  /**
   * Sends the record right behind the change's statement, which has been sent, and waits for both:
   * that takes no round trip more than the change alone.
   */
  public static <T> Future<T> beside(Future<T> change, SqlConnection connection, AuditEntry entry) {
    var noted = record(connection, entry);
    return change.compose(done -> noted.map(done));
  }

  /** Appends the actor's part of {@link #COLUMNS}, for a statement that also makes the change. */
  public static Tuple addActorTo(Tuple values) {
    return add(values, CurrentActor.get());
  }

  /** Appends the values of {@link #COLUMNS}, for a statement that also makes the change. */
  public static Tuple addTo(Tuple values, AuditEntry entry) {
    return add(add(values, entry), CurrentActor.get());
  }

  private static Tuple add(Tuple values, AuditEntry entry) {
    return values
        .addValue(entry.image().value())
        .addValue(entry.action().text())
        .addValue(entry.outcome().text())
        .addValue(new JsonObject(entry.details()));
  }

  private static Tuple add(Tuple values, Actor actor) {
    return values
        .addValue(actor.user())
        .addValue(actor.project())
        .addValue(actor.requestId())
        .addValue(actor.via().text())
        .addValue(actor.ticket().orElse(null));
  }
}
