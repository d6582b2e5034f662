package io.vitrine.catalog.sql;

import io.netty.handler.codec.DecoderException;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.DatabaseException;
import io.vertx.sqlclient.TransactionRollbackException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Classifies failures of the database, however they are wrapped. */
public final class CatalogFailures {
  private static final String UNIQUE_VIOLATION = "23505";

  /**
   * The server's routine that reports that a migration has changed a prepared statement's result.
   */
  private static final String STALE_PLAN = "RevalidateCachedQuery";

  private static final int MAX_DEPTH = 10;

  /** The PostgreSQL client's messages about connections, for which it has no exception types. */
  private static final Map<String, CatalogFault> MESSAGES =
      Map.of(
          "Timeout", CatalogFault.BUSY,
          "Timeout waiting for connection", CatalogFault.BUSY,
          "Connection is not active now", CatalogFault.LOST,
          "Pending requests failed to be sent", CatalogFault.LOST,
          "Connection was closed", CatalogFault.LOST,
          "Pool closed", CatalogFault.LOST,
          "SSL handshake failed", CatalogFault.UNREACHABLE,
          "Postgres Server does not handle SSL", CatalogFault.UNREACHABLE,
          "Invalid SSL connection message", CatalogFault.UNREACHABLE);

  /** SQLSTATE classes of defects: data exception, integrity constraint, syntax or access rule. */
  private static final Set<String> DEFECTS = Set.of("22", "23", "42");

  private CatalogFailures() {}

  /** Whether the failure is temporary, so that a retry may succeed. */
  public static boolean isPassing(Throwable failure) {
    return fault(failure).isPresent();
  }

  /** The log level of a failure: low for those that the database watch reports itself. */
  public static Level level(Throwable failure) {
    return isPassing(failure) ? Level.DEBUG : Level.WARN;
  }

  /** The kind of database fault; empty if the failure is something else. */
  public static Optional<CatalogFault> fault(Throwable failure) {
    @Nullable Throwable next = failure;
    for (int depth = 0; next != null && depth < MAX_DEPTH; depth++) {
      var found = ofOne(next);
      if (found.isPresent()) {
        return found;
      }
      next = isWrapper(next) ? next.getCause() : null;
    }
    return Optional.empty();
  }

  private static Optional<CatalogFault> ofOne(Throwable failure) {
    return switch (failure) {
      case NoRoomException full -> Optional.of(CatalogFault.BUSY);
      case UnknownOutcomeException unknown -> Optional.of(CatalogFault.LOST);
      case PgException told when STALE_PLAN.equals(told.getRoutine()) ->
          Optional.of(CatalogFault.STALE);
      case DatabaseException told -> ofState(told.getSqlState());
      case ClosedConnectionException closed -> Optional.of(CatalogFault.LOST);
      case ConnectionPoolTooBusyException full -> Optional.of(CatalogFault.BUSY);
      case ClosedChannelException closed -> Optional.of(CatalogFault.LOST);
      case TimeoutException late -> Optional.of(CatalogFault.SLOW);
      case ConnectException refused -> Optional.of(CatalogFault.UNREACHABLE);
      case NoRouteToHostException cut -> Optional.of(CatalogFault.UNREACHABLE);
      case UnknownHostException unknown -> Optional.of(CatalogFault.UNREACHABLE);
      case SSLException refused -> Optional.of(CatalogFault.UNREACHABLE);
      case IOException broken -> Optional.of(CatalogFault.LOST);
      case HttpClosedException other -> Optional.empty();
      default -> ofMessage(failure);
    };
  }

  /** Classifies by SQLSTATE, which, unlike messages, is never translated. */
  private static Optional<CatalogFault> ofState(@Nullable String state) {
    return Optional.ofNullable(
        switch (Objects.requireNonNullElse(state, "")) {
          case "25006" -> CatalogFault.READ_ONLY;
          case "25P03", "25P04" -> CatalogFault.LOST;
          case "40001", "40P01" -> CatalogFault.CONFLICT;
          case "55P03", "57014" -> CatalogFault.SLOW;
          // The server is starting, stopping or recovering.
          case "57P03" -> CatalogFault.UNREACHABLE;
          // A pooler has lost the connection's prepared statements.
          case "26000", "42P05" -> CatalogFault.STALE;
          // The database existed when the process started, so somebody is replacing it.
          case "3D000" -> CatalogFault.UNREACHABLE;
          case String known when known.startsWith("28") -> CatalogFault.UNREACHABLE;
          case String known when known.startsWith("08") -> CatalogFault.LOST;
          case String known when known.startsWith("57") -> CatalogFault.LOST;
          case String known when known.startsWith("53") -> CatalogFault.BUSY;
          case String known when known.startsWith("58") -> CatalogFault.BUSY;
          default -> null;
        });
  }

  private static Optional<CatalogFault> ofMessage(Throwable failure) {
    boolean isPlain = failure.getClass() == Exception.class || failure instanceof VertxException;
    var message = Objects.requireNonNullElse(failure.getMessage(), "");
    return isPlain
        ? MESSAGES.entrySet().stream()
            .filter(
                known ->
                    known.getKey().equals("Timeout")
                        ? message.equals("Timeout")
                        : message.startsWith(known.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
        : Optional.empty();
  }

  private static boolean isWrapper(Throwable failure) {
    return failure.getClass() == RuntimeException.class
        || failure instanceof CompletionException
        || failure instanceof ExecutionException
        || failure instanceof InvocationTargetException
        || failure instanceof UncheckedIOException
        || failure instanceof DecoderException
        || failure instanceof VertxException;
  }

  /**
   * Whether a COMMIT has certainly failed. If the connection ends before the answer, the outcome is
   * unknown.
   */
  static boolean isRefusal(Throwable failure) {
    return failure instanceof TransactionRollbackException
        || (failure instanceof DatabaseException told
            && told.getSqlState() != null
            && !told.getSqlState().matches("(08|57P|58|XX).*"));
  }

  /**
   * Whether the database rejected a statement or a value: a defect, which a retry does not cure.
   */
  public static boolean isDefect(Throwable failure) {
    return failure instanceof PgException pg
        && pg.getSqlState() != null
        && DEFECTS.contains(pg.getSqlState().substring(0, 2));
  }

  /** Whether a row with the same key exists. */
  public static boolean isDuplicate(Throwable failure) {
    return failure instanceof PgException pg && UNIQUE_VIOLATION.equals(pg.getSqlState());
  }
}
