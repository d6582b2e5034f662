package io.vitrine.catalog.tasks;

import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.notFound;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Caller;
import io.vitrine.image.task.TaskQuery;
import io.vitrine.image.task.TaskView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Tasks as the API shows them. Only administrators see tasks of other projects. */
public final class TaskCatalog {
  /** The type of tasks created through the tasks API. */
  public static final String IMPORT = "import";

  private static final String VISIBLE =
      "(expires_at is null or expires_at > now()) and ($1 or owner = $2)";

  private final Pool pool;
  private final Duration keepFor;

  /**
   * Tasks in a database.
   *
   * @param keepFor how long a finished task is shown
   */
  public TaskCatalog(Pool pool, Duration keepFor) {
    this.pool = pool;
    this.keepFor = keepFor;
  }

  /** Fails as not found if the caller does not see the task. */
  public Future<TaskView> get(UUID id, Caller caller) {
    return pool.preparedQuery("select " + Columns.TASK + " from tasks where id = $3 and " + VISIBLE)
        .execute(Tuple.of(caller.isAdmin(), caller.project(), id))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw notFound("No task found with ID %s".formatted(id));
              }
              return Rows.toTask(rows.iterator().next());
            });
  }

  /** A page of the tasks that match the query and that the caller sees. */
  public Future<List<TaskView>> list(TaskQuery query, Caller caller) {
    var values = Tuple.of(caller.isAdmin(), caller.project(), query.limit());
    var conditions = new ArrayList<String>(List.of(VISIBLE));
    query
        .texts()
        .forEach(
            (attribute, text) ->
                conditions.add(column(attribute) + " = " + parameter(values, text)));
    var column = query.key().name().toLowerCase(Locale.ROOT);
    query
        .marker()
        .ifPresent(
            marker ->
                conditions.add(
                    "(%1$s, id) %2$s (select %1$s, id from tasks where id = %3$s)"
                        .formatted(
                            column, query.descending() ? "<" : ">", parameter(values, marker))));
    var sql =
        "select "
            + Columns.TASK
            + " from tasks where %1$s order by %2$s %3$s, id %3$s limit $3"
                .formatted(
                    String.join(" and ", conditions), column, query.descending() ? "desc" : "asc");
    return requireMarker(query, caller)
        .compose(seen -> pool.preparedQuery(sql).execute(values))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Rows::toTask).toList());
  }

  /** The expression for an attribute, as text; the image is the one that the client named. */
  private static String column(TaskQuery.Attribute attribute) {
    return switch (attribute) {
      case STATUS -> "status";
      case TYPE -> "type";
      case OWNER -> "owner";
      case USER_ID -> "user_id";
      case REQUEST_ID -> "request_id";
      case IMAGE_ID -> "coalesce(input->'%s', input)->>'image_id'".formatted(Rows.GIVEN);
    };
  }

  private static String parameter(Tuple values, Object value) {
    values.addValue(value);
    return "$" + values.size();
  }

  private Future<Void> requireMarker(TaskQuery query, Caller caller) {
    if (query.marker().isEmpty()) {
      return Future.succeededFuture();
    }
    return get(query.marker().get(), caller)
        .recover(
            absent ->
                Future.failedFuture(
                    invalid(
                        "The marker %s is not a task that you can see."
                            .formatted(query.marker().get()))))
        .mapEmpty();
  }

  /**
   * Turns a queued import into a task of type {@link #IMPORT}, which keeps the client's input
   * beside the worker's. As in Glance, the answer shows the task as pending, even if a worker was
   * faster.
   */
  public Future<TaskView> describe(UUID id, JsonObject input) {
    return pool.preparedQuery(
            "update tasks set type = $2, input = input || jsonb_build_object('"
                + Rows.GIVEN
                + "', $3::jsonb) where id = $1 returning "
                + Columns.TASK)
        .execute(Tuple.of(id, IMPORT, input))
        .map(rows -> Rows.toTask(rows.iterator().next()).atCreation());
  }

  /** What a client asked for, and why it fails. */
  public record Refused(String type, JsonObject input, String reason) {}

  /**
   * Accepts a task that is bound to fail. As with any task, the failure follows the answer, which
   * shows the task as pending.
   */
  public Future<TaskView> refuse(Caller caller, TaskOrigin origin, Refused refused) {
    return Transactions.in(
        pool,
        connection ->
            connection
                .preparedQuery(
                    """
                    insert into tasks (id, type, status, owner, user_id, request_id, input)
                    values ($1, $2, 'pending', $3, $4, $5, $6) returning
                    """
                        + Columns.TASK)
                .execute(
                    Tuple.of(
                        UUID.randomUUID(),
                        refused.type(),
                        caller.project(),
                        caller.user(),
                        origin.requestId(),
                        new JsonObject().put(Rows.GIVEN, refused.input())))
                .map(rows -> Rows.toTask(rows.iterator().next()))
                .compose(task -> fail(connection, task.id(), refused.reason()).map(task)));
  }

  private Future<Void> fail(SqlConnection connection, UUID id, String reason) {
    return connection
        .preparedQuery(
            """
            update tasks set status = 'failure', message = $2, updated_at = now(),
              expires_at = now() + $3 * interval '1 millisecond'
            where id = $1
            """)
        .execute(Tuple.of(id, reason, (double) keepFor.toMillis()))
        .mapEmpty();
  }
}
