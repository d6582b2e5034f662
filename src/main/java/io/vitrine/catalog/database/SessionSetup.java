package io.vitrine.catalog.database;

import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vitrine.config.DatabaseConfig;
import io.vitrine.config.PoolerKind;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What a new session is told, and what it must be. The settings are no parameters of the log-in,
 * which poolers refuse.
 */
final class SessionSetup {
  private static final String LOOK =
      "pg_backend_pid() as process, current_setting('transaction_read_only') as read_only";
  private static final String STARTED = "pg_postmaster_start_time()::text as started";

  private static final int IDLE_IN_TRANSACTION_MILLIS = 10_000;
  private static final int LOCK_MILLIS = 5_000;

  private final PoolerKind pooler;
  private final DatabaseConfig config;

  /** What is known of a session that may be used. */
  record Facts(int process, String started) {}

  /** Why a server that answers is of no use. */
  static final class UnusableServerException extends IOException {
    private static final long serialVersionUID = 1;

    UnusableServerException(String reason) {
      super(reason);
    }
  }

  SessionSetup(DatabaseConfig config) {
    this.config = config;
    pooler = config.pooler();
  }

  /** The first statement of a session. */
  String sql() {
    if (pooler == PoolerKind.TRANSACTION) {
      // A setting would be made on a connection that others use next.
      return "select '' as started, " + LOOK;
    }
    return "select set_config('statement_timeout', '%d', false),"
            .formatted(config.statementTimeout().toMillis())
        // Others do not wait for long for what a lost process has locked.
        + " set_config('idle_in_transaction_session_timeout', '%d', false),"
            .formatted(IDLE_IN_TRANSACTION_MILLIS)
        + " set_config('lock_timeout', '%d', false),".formatted(LOCK_MILLIS)
        // A plan that is kept must not read all of a table because it was small once.
        + " set_config('enable_seqscan', 'off', false), "
        + STARTED
        + ", "
        + LOOK;
  }

  /** Looks at the answer to the first statement. */
  Facts admit(PgConnection connection, RowSet<Row> answer) throws UnusableServerException {
    var row = answer.iterator().next();
    if (row.getString("read_only").equals("on")) {
      throw new UnusableServerException("it is read-only: a standby, or set to be so");
    }
    int process = row.getInteger("process");
    if (pooler == PoolerKind.NONE && process != connection.processId()) {
      throw new UnusableServerException(
          "a pooler such as PgBouncer answers there; set database.pooler to session or"
              + " transaction, as its pool_mode is");
    }
    return new Facts(process, row.getString("started"));
  }

  /** Asks a server for what it works on. */
  String examination() {
    return pooler == PoolerKind.TRANSACTION
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
        started, pooler == PoolerKind.TRANSACTION ? Optional.empty() : Optional.of(working));
  }
}
