package io.vitrine.catalog.tasks;

import static io.vitrine.image.problem.ProblemException.gone;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.events.NotifiedPool;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Leaseholder;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.Caller;
import io.vitrine.image.ImageId;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.image.task.LocationTask;
import io.vitrine.image.task.TaskView;
import io.vitrine.image.task.Workload;
import io.vitrine.notification.TaskEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * The queue of imports and other tasks for workers. A worker's changes count only while it holds
 * the task's lease.
 */
public final class TaskQueue implements TaskLeases, TaskHandback {
  private static final String LEASE_SQL =
      """
      with busy as (
        select coalesce(t.owner, '') as project, count(*) as tasks from tasks t
        where t.status = 'processing' and t.leased_until >= now() and %1$s = any($5)
        group by 1)
      update tasks set status = 'processing', leased_by = $1, leased_until = %%s, leases = leases + 1,
        attempts = attempts + case status when 'processing' then 0 else 1 end,
        crashes = crashes + case when status = 'processing' and alone then 1 else 0 end,
        suspect = suspect or (status = 'processing' and %2$s = 'compute'),
        alone = false, updated_at = now()
      where id = (
        select t.id from tasks t left join busy on busy.project = coalesce(t.owner, '')
        where t.status in ('pending', 'processing') and (t.run_after <= now() or t.id = any($3))
          and (t.leased_until is null or t.leased_until < now()) and t.id <> all($2)
          and coalesce(t.owner, '') <> all($4) and %1$s = any($5)
        order by coalesce(busy.tasks, 0), t.created_at for update of t skip locked limit 1)
      returning
      """
          .formatted(workloadSql("t"), workloadSql("tasks"));

  /** Resets the failure counters: a checkpoint proves that service and task work. */
  static final String WELL_SQL =
      "setbacks = 0, setback_since = null, unreachable_since = null, crashes = 0";

  static final String BACK_SQL =
      "status = 'pending', message = $4, leased_by = null, leased_until = null";

  /** Exponential backoff from two seconds to a minute, with a jitter of a quarter. */
  private static final String SET_BACK_SQL =
      BACK_SQL
          + """
          , setbacks = setbacks + 1, setback_since = coalesce(setback_since, now()),
            run_after = now() + least(60, 2 * 2 ^ least(setbacks, 5)) * (0.75 + random() / 2) * interval '1 second'
          """;

  private final Pool pool;
  private final Leaseholder holder;
  private final Duration keepFor;
  private final TaskLoader loader;
  private final Outbox outbox;

  /** A queue without notifications. */
  public TaskQueue(Pool pool, Leaseholder holder, Duration keepFor, TokenCipher cipher) {
    this(NotifiedPool.silent(pool), holder, keepFor, cipher);
  }

  /**
   * A queue whose leases belong to {@code holder}.
   *
   * @param keepFor how long a finished task is shown
   * @param cipher decrypts the tokens of tasks
   */
  public TaskQueue(
      NotifiedPool database, Leaseholder holder, Duration keepFor, TokenCipher cipher) {
    this.pool = database.pool();
    this.holder = holder;
    this.keepFor = keepFor;
    this.loader = new TaskLoader(cipher);
    this.outbox = database.outbox();
  }

  /** The unexpired tasks of an image that the caller sees, oldest first. */
  public Future<List<TaskView>> ofImage(ImageId id, Caller caller) {
    return pool.preparedQuery(
            "select "
                + Columns.TASK
                + """
                 from tasks
                where image_id = $1 and (expires_at is null or expires_at > now()) and ($2 or owner = $3)
                order by created_at
                """)
        .execute(Tuple.of(id.value(), caller.isAdmin(), caller.project()))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Rows::toTask).toList());
  }

  /** Removes expired tasks. */
  public Future<Void> forgetExpired() {
    return pool.preparedQuery("delete from tasks where expires_at < now()").execute().mapEmpty();
  }

  /** The number of waiting tasks and the age of the oldest. */
  public Future<Backlog> backlog() {
    return pool.preparedQuery(
            """
            select count(*) as waiting, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as age
            from tasks where status = 'pending'
            """)
        .execute()
        .map(rows -> rows.iterator().next())
        .map(row -> new Backlog(row.getLong("waiting"), row.getDouble("age")));
  }

  /** The length of the queue and the age of its oldest task; 0 if it is empty. */
  public record Backlog(long waiting, double oldestSeconds) {}

  @Override
  public Future<Optional<LeasedTask>> lease(TaskSelection wanted) {
    return Transactions.in(pool, connection -> lease(connection, wanted))
        .onSuccess(leased -> leased.ifPresent(task -> holder.hold(task.id())));
  }

  private Future<Optional<LeasedTask>> lease(SqlConnection connection, TaskSelection wanted) {
    return connection
        .preparedQuery(LEASE_SQL.formatted(holder.untilSql()) + Columns.TASK + Columns.LEASE)
        .execute(
            Tuple.tuple()
                .addUUID(holder.id())
                .addArrayOfUUID(wanted.notThese().toArray(UUID[]::new))
                .addArrayOfUUID(wanted.own().toArray(UUID[]::new))
                .addArrayOfString(wanted.notOf().toArray(String[]::new))
                .addArrayOfString(
                    wanted.workloads().stream().map(Workload::text).toArray(String[]::new)))
        .compose(
            rows ->
                rows.size() == 0
                    ? Future.succeededFuture(Optional.empty())
                    : loader
                        .load(connection, rows.iterator().next())
                        .compose(task -> tellFirst(connection, task))
                        .map(Optional::of));
  }

  private Future<LeasedTask> tellFirst(SqlConnection connection, LeasedTask task) {
    return task.lease().number() == 1
        ? outbox.task(connection, task.id(), TaskEvent.PROCESSING, TaskEvent.RUN).map(task)
        : Future.succeededFuture(task);
  }

  /** The workload of a task, as in {@link LeasedTask#workload}. */
  private static String workloadSql(String task) {
    return """
        case when %1$s.type = '%2$s' or %1$s.checkpoint->>'staged' is null
            and %1$s.input->'import_req'->'method'->>'name' in ('%3$s', '%4$s')
          then 'fetch' else 'compute' end
        """
        .formatted(
            task,
            LocationTask.TYPE,
            ImportMethod.WebDownload.NAME,
            ImportMethod.GlanceDownload.NAME);
  }

  @Override
  public void drop(LeasedTask task) {
    holder.drop(task.id());
  }

  @Override
  public Future<Void> progress(LeasedTask task, String message, JsonArray steps) {
    return change(
        "message = $4, progress = coalesce(checkpoint->'steps', '[]') || $5::jsonb",
        task,
        message,
        steps);
  }

  @Override
  public Future<Void> release(LeasedTask task, String message) {
    return change(BACK_SQL + ", attempts = attempts - 1", task, message);
  }

  @Override
  public Future<Void> release(LeasedTask task, String message, Duration pause) {
    return change(
        BACK_SQL + ", run_after = now() + $5 * interval '1 millisecond'",
        task,
        message,
        (double) pause.toMillis());
  }

  @Override
  public Future<Void> setBack(LeasedTask task, String message) {
    return change(SET_BACK_SQL + ", attempts = attempts - 1", task, message);
  }

  @Override
  public Future<Void> crashed(LeasedTask task, String message) {
    return change(
        SET_BACK_SQL
            + ", attempts = attempts - 1, suspect = true, crashes = crashes + case when"
            + " alone then 1 else 0 end",
        task,
        message);
  }

  @Override
  public Future<Void> handOn(LeasedTask task, String message) {
    return change(
        BACK_SQL
            + """
            , attempts = attempts - 1, run_after = now() + interval '2 seconds',
              checkpoint = checkpoint || jsonb_build_object('steps', progress)
            """,
        task,
        message);
  }

  @Override
  public Future<Void> alone(LeasedTask task) {
    return change("alone = true", task);
  }

  private Future<Void> change(String assignment, LeasedTask task, Object... values) {
    return Transactions.in(pool, connection -> update(connection, assignment, task, values));
  }

  @Override
  public Future<Void> postpone(LeasedTask task, String message, Duration patience) {
    return Transactions.in(
        pool,
        connection ->
            update(
                connection,
                BACK_SQL
                    + """
                ,
                  unreachable_since = coalesce(unreachable_since, now()),
                  attempts = attempts - case
                    when coalesce(unreachable_since, now()) + interval '%d milliseconds' >= now() then 1 else 0 end
                """
                        .formatted(patience.toMillis()),
                task,
                message));
  }

  @Override
  public Future<Void> startOver(LeasedTask task, String message) {
    return Transactions.in(
        pool,
        connection ->
            TaskChanges.lockImage(connection, task)
                .compose(locked -> TaskChanges.discardStaged(connection, task))
                .compose(
                    discarded ->
                        update(
                            connection,
                            BACK_SQL + ", checkpoint = '{}', unreachable_since = null",
                            task,
                            message)));
  }

  /** The assignments that end a task. */
  String endSql() {
    return ("access = null, roles = '{}', leased_by = null, leased_until = null, expires_at ="
            + " now() + interval '%d milliseconds'")
        .formatted(keepFor.toMillis());
  }

  /**
   * Updates a task under this holder's lease, with values from $4 on; fails as gone if the lease is
   * lost.
   */
  Future<Void> update(
      SqlConnection connection, String assignment, LeasedTask task, Object... values) {
    var parameters = Tuple.of(task.id(), holder.id(), task.lease().number());
    for (var value : values) {
      parameters.addValue(value);
    }
    return connection
        .preparedQuery(
            """
            update tasks set %s, updated_at = now()
            where id = $1 and leased_by = $2 and leases = $3 and status = 'processing'
            """
                .formatted(assignment))
        .execute(parameters)
        .compose(rows -> requireLease(rows.rowCount()));
  }

  static Future<Void> requireLease(int rows) {
    return rows == 1
        ? Future.succeededFuture()
        : Future.failedFuture(
            gone("The image was deleted, or another worker has taken the import over."));
  }
}
