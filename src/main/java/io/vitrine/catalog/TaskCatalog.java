package io.vitrine.catalog;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vitrine.image.Caller;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import io.vitrine.image.TaskQuery;
import io.vitrine.image.TaskView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** The tasks as the API shows them. Only administrators see those of other projects. */
public final class TaskCatalog {
  /** The type of the tasks that are made through the API of tasks. */
  public static final String IMPORT = "import";

  private static final String VISIBLE =
      "(expires_at is null or expires_at > now()) and ($1 or owner = $2)";

  private final Pool pool;

  /** Tasks in a database. */
  public TaskCatalog(Pool pool) {
    this.pool = pool;
  }

  /** The task; not found if the caller does not see it. */
  public Future<TaskView> get(UUID id, Caller caller) {
    return pool.preparedQuery("select " + Columns.TASK + " from tasks where id = $3 and " + VISIBLE)
        .execute(Tuple.of(caller.isAdmin(), caller.project(), id))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw new ProblemException(
                    new Problem.NotFound("No task found with ID %s".formatted(id)));
              }
              return Rows.toTask(rows.iterator().next());
            });
  }

  /** One page of the tasks that a query asks for and the caller sees. */
  public Future<List<TaskView>> list(TaskQuery query, Caller caller) {
    var values = Tuple.of(caller.isAdmin(), caller.project(), query.limit());
    var conditions = new ArrayList<String>(List.of(VISIBLE));
    query.status().ifPresent(status -> conditions.add("status = " + parameter(values, status)));
    query.type().ifPresent(type -> conditions.add("type = " + parameter(values, type)));
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
                    new ProblemException(
                        new Problem.Invalid(
                            "The marker %s is not a task that you see."
                                .formatted(query.marker().get())))))
        .mapEmpty();
  }

  /**
   * Makes a queued import one of the type {@link #IMPORT}, with the input as the client gave it.
   */
  public Future<TaskView> describe(UUID id, JsonObject input) {
    return pool.preparedQuery(
            "update tasks set type = $2, input = input || $3 where id = $1 returning "
                + Columns.TASK)
        .execute(Tuple.of(id, IMPORT, input))
        .map(rows -> Rows.toTask(rows.iterator().next()));
  }
}
