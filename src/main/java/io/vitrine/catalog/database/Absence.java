package io.vitrine.catalog.database;

import io.vertx.pgclient.PgException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Why a database cannot be used, for those who may wait for it. */
public final class Absence {
  /**
   * SQLSTATEs, or their beginnings, of what passes: no connection, no room for another one, a
   * server that starts or stops, and one that takes no writes yet.
   */
  private static final List<String> PASSING = List.of("08", "53", "57", "25006");

  /** The server offers no TLS, or wants a password where there is none. */
  private static final String REJECTED = "08004";

  private Absence() {}

  /**
   * Whether the database may become usable by itself. The failure is one of {@link Migrations} or
   * of a pool; the reason is among its causes.
   */
  public static boolean mayPass(Throwable failure) {
    return causes(failure).anyMatch(Absence::isPassing)
        && causes(failure).noneMatch(Absence::isRefusal);
  }

  private static boolean isPassing(Throwable cause) {
    return cause instanceof IOException
        || cause instanceof TimeoutException
        || state(cause).filter(Absence::isPassing).isPresent();
  }

  private static boolean isRefusal(Throwable cause) {
    return switch (cause) {
      case SessionSetup.UnusableServerException told -> !told.mayPass();
      case SSLException refused -> causes(refused).noneMatch(Absence::isOfTheNetwork);
      default -> state(cause).filter(state -> !isPassing(state)).isPresent();
    };
  }

  private static boolean isPassing(String state) {
    return PASSING.stream().anyMatch(state::startsWith) && !state.equals(REJECTED);
  }

  /** A server or a proxy that goes away during the handshake. */
  private static boolean isOfTheNetwork(Throwable cause) {
    return cause instanceof EOFException
        || cause instanceof SocketException
        || cause instanceof SocketTimeoutException;
  }

  private static Optional<String> state(Throwable cause) {
    return switch (cause) {
      case SQLException told -> Optional.ofNullable(told.getSQLState());
      case PgException told -> Optional.ofNullable(told.getSqlState());
      default -> Optional.empty();
    };
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }
}
