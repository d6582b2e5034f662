package io.vitrine.app;

import static io.vitrine.app.Lifecycle.await;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vitrine.catalog.database.DatabaseAddress;
import io.vitrine.catalog.database.DatabaseException;
import io.vitrine.catalog.database.Migrations;
import io.vitrine.catalog.database.PgPool;
import io.vitrine.catalog.database.UnreachableDatabaseException;
import io.vitrine.catalog.embedded.EmbeddedPostgres;
import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.cluster.ClusterLink;
import io.vitrine.net.listener.ListenerTransport;
import io.vitrine.observe.log.TraceId;
import io.vitrine.observe.metrics.DatabaseMeters;
import io.vitrine.observe.metrics.EmbeddedDatabaseMeters;
import io.vitrine.observe.metrics.Health;
import io.vitrine.observe.metrics.ManagementVerticle;
import io.vitrine.observe.metrics.QueueMeters;
import io.vitrine.observe.trace.CollectedTraces;
import io.vitrine.observe.trace.Traces;
import io.vitrine.settings.Role;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.store.StoreWatch;
import io.vitrine.transfer.bus.Codecs;
import io.vitrine.transfer.bus.Peers;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running Vitrine. Parts start in the order of their dependencies and stop in reverse: no new
 * work, running work finishes within the grace time, leases are released.
 */
final class Server implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);

  private final VitrineConfig config;
  private final Health health = new Health();
  private final Lifecycle lifecycle = new Lifecycle();
  private final Promise<String> fatal = Promise.promise();
  private Optional<ApiRole> api = Optional.empty();
  private Optional<EmbeddedPostgres> embedded = Optional.empty();
  private int managementPort;

  private Server(VitrineConfig config) {
    this.config = config;
  }

  /** Starts all parts; if one fails, those already running are stopped. */
  static Server start(VitrineConfig config) throws Exception {
    var server = new Server(config);
    try {
      server.startParts();
      return server;
    } catch (Exception failure) {
      server.close();
      throw Ports.of(config).explain(failure);
    }
  }

  /** The API's port; 0 if this process does not serve the API. */
  int port() {
    return api.map(ApiRole::port).orElse(0);
  }

  /** The TCP port of the uwsgi protocol; 0 if there is none. */
  int uwsgiPort() {
    return api.map(ApiRole::uwsgiPort).orElse(0);
  }

  /** The port of metrics and health checks. */
  int managementPort() {
    return managementPort;
  }

  private void startParts() throws Exception {
    long start = System.nanoTime();
    Preflight.require(config);
    var database = database();
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var traces = traces();
    var meters = new EmbeddedDatabaseMeters(registry);
    embedded.ifPresent(postgres -> meters.restarts(postgres, EmbeddedPostgres::restarts));
    var vertx = vertx(registry, traces);
    reach(vertx, database);
    var pools = pools(vertx, database, registry);
    var watching =
        new SharedParts.Watching(registry, traces.map(CollectedTraces::traces).orElse(Traces.OFF));
    var shared = SharedParts.of(vertx, config, watching, pools, peers(vertx));
    leases(shared.upkeep("leases"));
    queue(shared.upkeep("queue"), new QueueMeters(registry));
    new RelayRole(shared.upkeep("notifications"), lifecycle).start();
    roles(shared);
    lifecycle.onClose("readiness", this::withdraw);
    health.started();
    log.info(
        "started node={} roles={} api={} uwsgi={} management={} ms={}",
        config.node().name(),
        config.roles(),
        port(),
        uwsgiPort(),
        managementPort,
        (System.nanoTime() - start) / 1_000_000);
  }

  private void roles(SharedParts shared) throws Exception {
    var serving =
        Optional.of(Role.HTTP)
            .filter(config.roles()::contains)
            .map(role -> new ApiRole(shared, lifecycle));
    var watch =
        config.roles().contains(Role.STORE)
            ? new StoreRole(shared, lifecycle, health).start()
            : StoreWatch.none();
    if (config.roles().contains(Role.IMPORT)) {
      new ImportRole(shared.upkeep("imports"), lifecycle).start();
    }
    if (serving.isPresent()) {
      serving.get().start(watch);
      api = serving;
    }
  }

  private DatabaseAddress database() {
    if (config.database().isEmbedded()) {
      var postgres = EmbeddedPostgres.start(config.data().dir());
      lifecycle.onClose("embedded PostgreSQL", postgres::close);
      postgres.onGivenUp(fatal::tryComplete);
      embedded = Optional.of(postgres);
      Migrations.migrate(postgres.address());
      return postgres.address();
    }
    var address = DatabaseAddress.of(config.database());
    Migrations.requireUsable(address);
    return address;
  }

  /** An external database must be reachable by the pool too, which has rules of its own. */
  private void reach(Vertx vertx, DatabaseAddress address) throws Exception {
    if (config.database().isEmbedded()) {
      return;
    }
    var pool = PgPool.open(vertx, address, config.database(), new PgPool.Room("start", 1, 1));
    try {
      await(PgPool.check(pool).eventually(pool::close));
    } catch (UnreachableDatabaseException e) {
      throw new DatabaseException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Closed last, so that it exports the spans of everything that stops before it. */
  private Optional<CollectedTraces> traces() throws IOException {
    var traces = CollectedTraces.openIfEnabled(config.tracing(), config.node().name());
    traces.ifPresent(
        opened -> {
          lifecycle.onClose("traces", opened::close);
          TraceId.from(opened::currentId);
          lifecycle.onClose("ids of traces", TraceId::none);
        });
    return traces;
  }

  private Vertx vertx(PrometheusMeterRegistry registry, Optional<CollectedTraces> traces) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    var collections = new JvmGcMetrics();
    collections.bindTo(registry);
    lifecycle.onClose("metrics of the garbage collector", collections::close);
    var options =
        new VertxOptions()
            // When the peer closes a connection on which reading is paused, epoll closes it at once
            // and loses the unread data. NIO does not, and is equally fast here.
            .setPreferNativeTransport(false)
            .setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true));
    var builder =
        Vertx.builder()
            .with(options)
            .withMetrics(new MicrometerMetricsFactory(registry))
            .withTransport(new ListenerTransport(config.http()));
    traces.ifPresent(opened -> builder.withTracer(opened.factory()));
    var vertx = builder.build();
    lifecycle.onClose("event loops", () -> await(vertx.close()));
    Codecs.register(vertx);
    return vertx;
  }

  /** Metrics, health checks and the database probe run on a thread of their own. */
  private DatabasePools pools(
      Vertx vertx, DatabaseAddress address, PrometheusMeterRegistry registry) throws Exception {
    var watcher = watcher();
    var opening =
        new DatabasePools.Opening(
            address,
            config.database(),
            config.roles().contains(Role.HTTP),
            new DatabaseMeters(registry));
    var watch = opening.watch(watcher, lifecycle);
    health.needs(() -> watch.fault().map(reason -> "database: " + reason));
    management(watcher, registry);
    return opening.open(vertx, watch, lifecycle);
  }

  private Vertx watcher() {
    var vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(false)
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2));
    lifecycle.onClose("watching event loop", () -> await(vertx.close()));
    return vertx;
  }

  private void management(Vertx vertx, PrometheusMeterRegistry registry) throws Exception {
    var verticle = new ManagementVerticle(config.management(), registry, health);
    await(vertx.deployVerticle(verticle));
    managementPort = verticle.port();
  }

  /** Leaves the cluster late: other nodes may request data until this one has finished its work. */
  private Peers peers(Vertx vertx) {
    if (!config.cluster().enabled()) {
      return Peers.NONE;
    }
    var link = ClusterLink.open(vertx, config.node().name(), config.cluster());
    lifecycle.onClose("cluster", () -> await(link.close()));
    return link;
  }

  private void leases(SharedParts shared) throws Exception {
    var holder = shared.leaseholder();
    var pool = shared.pool();
    if (config.database().isEmbedded()) {
      // Nobody else can use this database, so all other leaseholders are dead.
      await(holder.outliveOthers(pool));
    }
    shared
        .vertx()
        .setPeriodic(
            holder.ttl().toMillis() / 3,
            tick ->
                holder
                    .renew(pool)
                    .onFailure(
                        failure ->
                            log.atLevel(CatalogFailures.level(failure))
                                .log("leases cannot be renewed now: {}", failure.getMessage())));
  }

  private void queue(SharedParts shared, QueueMeters meters) {
    shared
        .vertx()
        .setPeriodic(
            0,
            config.lease().gcInterval().toMillis(),
            tick ->
                shared
                    .tasks()
                    .backlog()
                    .onSuccess(
                        backlog -> meters.backlog(backlog.waiting(), backlog.oldestSeconds())));
  }

  /** Announces that no more requests are wanted, and gives load balancers time to notice. */
  private void withdraw() {
    api.ifPresent(ApiRole::leave);
    health.draining();
    var delay = config.shutdown().readyDelay();
    // Workers pull their work.
    if (delay.isPositive() && api.isPresent()) {
      try {
        await(lifecycle.hurried(), delay);
      } catch (TimeoutException over) {
        log.debug("the delay is over");
      }
    }
  }

  /** Completes with the reason when the server cannot continue and must be closed. */
  Future<String> fatal() {
    return fatal.future();
  }

  /** Makes {@link #close()} stop waiting for running work, even if it is in progress. */
  void hurry() {
    lifecycle.hurry();
  }

  @Override
  public void close() {
    log.info("stopping; running work may go on for {} s", config.shutdown().grace().toSeconds());
    lifecycle.close();
    log.info("stopped");
  }
}
