package io.vitrine.catalog.database;

import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The settings of a new session, and the checks it must pass. The settings are not startup
 * parameters, which poolers refuse.
 */
final class SessionSetup {
  private static final String LOOK =
      "pg_backend_pid() as process, current_setting('transaction_read_only') as read_only";
  private static final String STARTED = "pg_postmaster_start_time()::text as started";

  private static final int IDLE_IN_TRANSACTION_MILLIS = 10_000;
  private static final int LOCK_MILLIS = 5_000;

  private final DatabaseConfig.Pooler pooler;
  private final DatabaseConfig config;

  /** What a usable session reports. */
  record Facts(int process, String started) {}

  /** Why a server that answers is unusable. */
  static final class UnusableServerException extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean mayPass;

    /** It stays so until somebody changes a configuration. */
    UnusableServerException(String reason) {
      this(reason, false);
    }

    private UnusableServerException(String reason, boolean mayPass) {
      super(reason);
      this.mayPass = mayPass;
    }

    /** Whether the server may become usable by itself. */
    boolean mayPass() {
      return mayPass;
    }
  }

  SessionSetup(DatabaseConfig config) {
    this.config = config;
    pooler = config.pooler();
  }

  /** The first statement of a session. */
  String sql() {
    if (pooler == DatabaseConfig.Pooler.TRANSACTION) {
      // Behind a pooler, a setting would leak to the next user of the connection.
      return "select '' as started, " + LOOK;
    }
    return "select set_config('statement_timeout', '%d', false),"
            .formatted(config.statementTimeout().toMillis())
        // Limits how long others wait for the locks of a dead process.
        + " set_config('idle_in_transaction_session_timeout', '%d', false),"
            .formatted(IDLE_IN_TRANSACTION_MILLIS)
        + " set_config('lock_timeout', '%d', false),".formatted(LOCK_MILLIS)
        // A cached plan must not scan a whole table because it was small when planned.
        + " set_config('enable_seqscan', 'off', false), "
        + STARTED
        + ", "
        + LOOK;
  }

  /** Checks the result of the first statement. */
  Facts admit(PgConnection connection, RowSet<Row> answer) throws UnusableServerException {
    var row = answer.iterator().next();
    if (row.getString("read_only").equals("on")) {
      throw new UnusableServerException("it is read-only: a standby, or configured so", true);
    }
    int process = row.getInteger("process");
    if (pooler == DatabaseConfig.Pooler.NONE && process != connection.processId()) {
      throw new UnusableServerException(
          "a pooler such as PgBouncer answers there; set database.pooler to its pool_mode,"
              + " session or transaction");
    }
    return new Facts(process, row.getString("started"));
  }

  /** The query that asks a server what it works on. */
  String examination() {
    return pooler == DatabaseConfig.Pooler.TRANSACTION
        ? "select '' as started, 0 as process"
        : "select "
            + STARTED
            + ", a.pid as process from (values (1)) as one left join pg_stat_activity a"
            + " on a.state = 'active'";
  }

  Examination examined(RowSet<Row> answer) {
    var started = answer.iterator().next().getString("started");
    Set<Integer> working =
        StreamSupport.stream(answer.spliterator(), false)
            .map(row -> row.getInteger("process"))
            .collect(Collectors.toSet());
    return new Examination(
        started,
        pooler == DatabaseConfig.Pooler.TRANSACTION ? Optional.empty() : Optional.of(working));
  }
}
