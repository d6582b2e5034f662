package io.vitrine.catalog.database;

import io.vertx.core.Completable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.spi.ConnectionFactory;
import io.vitrine.catalog.sql.DatabaseException;
import io.vitrine.catalog.tls.ServerTls;
import io.vitrine.net.internals.Channels;
import io.vitrine.net.internals.Contexts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a pool's connections: to the first server that answers in time and accepts writes, starting
 * with the one that last did. Names are resolved for every connection.
 */
final class ServerConnector implements ConnectionFactory<PgConnectOptions> {
  private static final Logger log = LoggerFactory.getLogger(ServerConnector.class);
  private static final int THREADS = 4;
  private static final String NOWHERE = "";

  private final Vertx vertx;
  private final ConnectionFactory<PgConnectOptions> sockets;
  private final DatabaseAddress address;
  private final DatabaseConfig config;
  private final SessionSetup setup;
  private final OpenSessions sessions;
  private final WorkerExecutor threads;
  private final AtomicInteger preferred = new AtomicInteger();
  private final AtomicReference<String> current = new AtomicReference<>("the first");
  private volatile ServerTls tls;
  private volatile PgConnectOptions common = new PgConnectOptions();

  ServerConnector(
      Vertx vertx,
      ConnectionFactory<PgConnectOptions> sockets,
      DatabaseAddress address,
      DatabaseConfig config) {
    this.vertx = vertx;
    this.sockets = sockets;
    this.address = address;
    this.config = config;
    setup = new SessionSetup(config);
    sessions = new OpenSessions(this::examine, this::avoid);
    threads = vertx.createSharedWorkerExecutor("database names", THREADS);
    tls = ServerTls.load(address.tls());
  }

  @Override
  public Future<SqlConnection> connect(Context context, PgConnectOptions options) {
    common = options;
    var promise = Contexts.<SqlConnection>promise(context);
    new ServerSearch(this, context, preferred.get()).run().onComplete(promise);
    return promise.future();
  }

  List<DatabaseUrl.Server> servers() {
    return address.servers();
  }

  String tlsMode() {
    return address.tls().mode();
  }

  /** The server's addresses; empty if its name is unknown. */
  Future<List<InetSocketAddress>> places(Context context, DatabaseUrl.Server server) {
    return within(
        context,
        threads
            .executeBlocking(
                () -> {
                  refreshTls();
                  return resolve(server);
                },
                false)
            .map(Objects::requireNonNull),
        config.connectTimeout());
  }

  private static List<InetSocketAddress> resolve(DatabaseUrl.Server server)
      throws UnknownHostException {
    return Stream.of(InetAddress.getAllByName(server.host()))
        .map(each -> new InetSocketAddress(each, server.port()))
        .toList();
  }

  /** If the files are broken now, for instance half replaced, the previous ones stay in use. */
  private void refreshTls() {
    try {
      tls = ServerTls.load(address.tls());
    } catch (DatabaseException broken) {
      log.atWarn()
          .addKeyValue("error", broken.getMessage())
          .log("The new TLS files for the database are invalid; the old ones stay in use");
    }
  }

  /** Opens a connection, logs in, and sets up the session; fails if the server is read-only. */
  Future<SqlConnection> open(Context context, ServerIdentity place) {
    return within(
        context,
        socket(context, place)
            .compose(
                connection ->
                    connection
                        .query(setup.sql())
                        .execute()
                        .compose(
                            answer -> {
                              try {
                                var facts = setup.admit(PgConnection.cast(connection), answer);
                                watch(connection, place, facts);
                                return Future.succeededFuture(connection);
                              } catch (SessionSetup.UnusableServerException reason) {
                                return Future.failedFuture(reason);
                              }
                            })
                        .onFailure(unusable -> connection.close())),
        config.connectTimeout());
  }

  private Future<SqlConnection> socket(Context context, ServerIdentity place) {
    var options = new ServerOptions(common, place.place());
    if (!place.isEncrypted()) {
      options.setSslMode(SslMode.DISABLE);
      return quiet(sockets.connect(context, options));
    }
    var trust = tls.trust(place.name().host());
    options.setSslMode(SslMode.REQUIRE).setSslOptions(tls.options(trust, config.connectTimeout()));
    return quiet(sockets.connect(context, options))
        .recover(
            failure ->
                Future.failedFuture(
                    trust
                        .refusal()
                        .<Throwable>map(SessionSetup.UnusableServerException::new)
                        .orElse(failure)));
  }

  /**
   * Sets an exception handler; without one, the client also prints the stack of failures that it
   * already reports.
   */
  private static Future<SqlConnection> quiet(Future<SqlConnection> connecting) {
    return connecting.onSuccess(connection -> connection.exceptionHandler(lost -> {}));
  }

  private void watch(SqlConnection connection, ServerIdentity place, SessionSetup.Facts facts) {
    var channel = Channels.of(connection);
    GuardedClient.ready(channel);
    var server =
        new ServerIdentity(place.name(), place.place(), place.isEncrypted(), facts.started());
    channel
        .pipeline()
        .addBefore(
            Channels.CONNECTION,
            "answers",
            new AnswerWatch(sessions, server, facts.process(), config));
  }

  /** Asks the server on a separate connection what it works on. */
  private Future<Examination> examine(ServerIdentity server) {
    var context = Contexts.eventLoop(vertx);
    return within(
        context,
        socket(context, server)
            .compose(
                connection ->
                    connection
                        .query(setup.examination())
                        .execute()
                        .map(setup::examined)
                        .onComplete(asked -> connection.close())),
        config.connectTimeout());
  }

  /** Fails after the timeout; a result that comes later is closed. */
  private static <T> Future<T> within(Context context, Future<T> outcome, Duration deadline) {
    var promise = Contexts.<T>promise(context);
    long timer =
        Contexts.setTimer(
            context,
            deadline.toMillis(),
            over ->
                promise.tryFail(
                    new TimeoutException(
                        "it does not answer within " + deadline.toMillis() + " ms")));
    outcome.onComplete(
        done -> {
          context.owner().cancelTimer(timer);
          if (done.failed()) {
            promise.tryFail(done.cause());
          } else if (!promise.tryComplete(done.result())
              && done.result() instanceof SqlConnection late) {
            late.close();
          }
        });
    return promise.future();
  }

  /** Makes the next search start after the server that was left. */
  private void avoid(ServerIdentity server) {
    int index = servers().indexOf(server.name());
    preferred.compareAndSet(index, (index + 1) % servers().size());
  }

  /** Remembers the server that a connection was made to. */
  void found(int index) {
    preferred.set(index);
    var server = servers().get(index).toString();
    if (!server.equals(current.getAndSet(server))) {
      log.atInfo().addKeyValue("server", server).log("Connected to the database server");
    }
  }

  /** Logs once that no server is reachable. */
  void foundNone(String message) {
    if (!NOWHERE.equals(current.getAndSet(NOWHERE))) {
      log.atWarn().addKeyValue("error", message).log("No database server is usable");
    }
  }

  @Override
  public void close(Completable<Void> done) {
    threads.close().onComplete(ended -> sockets.close(done));
  }
}
