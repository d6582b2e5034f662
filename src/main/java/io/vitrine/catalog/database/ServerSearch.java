package io.vitrine.catalog.database;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** The search for a server for one new connection. */
final class ServerSearch {
  private static final String INVALID_AUTHORIZATION = "28000";

  private final ServerConnector connector;
  private final Context context;
  private final int first;
  private final Set<String> reasons = new LinkedHashSet<>();

  /** Starts with the server of this index; the others follow in order. */
  ServerSearch(ServerConnector connector, Context context, int first) {
    this.connector = connector;
    this.context = context;
    this.first = first;
  }

  /** Fails with {@link UnreachableDatabaseException} if no server is usable. */
  Future<SqlConnection> run() {
    return nextServer(0);
  }

  private Future<SqlConnection> nextServer(int tried) {
    int count = connector.servers().size();
    int index = (first + tried) % count;
    var server = connector.servers().get(index);
    return connector
        .places(context, server)
        .compose(places -> nextPlace(server, places, 0))
        .onSuccess(connection -> connector.found(index))
        .recover(
            failure -> {
              reasons.add(server + ": " + reason(failure));
              return tried + 1 < count ? nextServer(tried + 1) : none(failure);
            });
  }

  private Future<SqlConnection> none(Throwable last) {
    var message = "No database server is usable; " + String.join("; ", reasons);
    connector.foundNone(message);
    return Future.failedFuture(new UnreachableDatabaseException(message, last));
  }

  private Future<SqlConnection> nextPlace(
      DatabaseUrl.Server server, List<InetSocketAddress> places, int index) {
    var place = places.get(index);
    return ways(server, place)
        .recover(
            failure ->
                index + 1 < places.size()
                    ? nextPlace(server, places, index + 1)
                    : Future.failedFuture(failure));
  }

  /** With TLS, without, or both in turn, as libpq does. */
  private Future<SqlConnection> ways(DatabaseUrl.Server server, InetSocketAddress place) {
    var plain = new ServerIdentity(server, place, false, "");
    var encrypted = new ServerIdentity(server, place, true, "");
    return switch (connector.tlsMode()) {
      case "disable" -> connector.open(context, plain);
      case "allow" ->
          connector
              .open(context, plain)
              .recover(
                  failure ->
                      failure instanceof PgException refused
                              && INVALID_AUTHORIZATION.equals(refused.getSqlState())
                          ? connector.open(context, encrypted)
                          : Future.failedFuture(failure));
      case "prefer" ->
          connector
              .open(context, encrypted)
              .recover(
                  failure ->
                      isUnreachable(failure)
                          ? Future.failedFuture(failure)
                          : connector.open(context, plain));
      default -> connector.open(context, encrypted);
    };
  }

  /** Whether another attempt without TLS would fail the same way. */
  private static boolean isUnreachable(Throwable failure) {
    return failure instanceof ConnectException
        || failure instanceof TimeoutException
        || failure instanceof SessionSetup.UnusableServerException;
  }

  private static String reason(Throwable failure) {
    return switch (failure) {
      case UnknownHostException unknown -> "its name cannot be resolved";
      case PgException refused -> refused.getErrorMessage() + " (" + refused.getSqlState() + ")";
      default ->
          String.valueOf(failure.getMessage()).contains("does not handle SSL")
              ? "it does not offer TLS; set ssl = on in its postgresql.conf, or sslmode disable"
              : String.valueOf(failure.getMessage());
    };
  }
}
