package io.vitrine.app;

import static io.vitrine.app.lifecycle.Lifecycle.await;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vitrine.app.lifecycle.Lifecycle;
import io.vitrine.app.lifecycle.StopRequest;
import io.vitrine.catalog.database.DatabaseAddress;
import io.vitrine.cluster.ClusterLink;
import io.vitrine.observe.metrics.DatabaseMeters;
import io.vitrine.observe.metrics.Health;
import io.vitrine.observe.metrics.ManagementVerticle;
import io.vitrine.observe.metrics.ProcessMeters;
import io.vitrine.settings.Build;
import io.vitrine.settings.Role;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.store.node.StoreWatch;
import io.vitrine.transfer.bus.Peers;
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
  private int managementPort;

  private Server(VitrineConfig config) {
    this.config = config;
  }

  /**
   * Starts all parts; if one fails, those already running are stopped. A wait for the database ends
   * when the process is asked to stop, with {@link StopRequest.AskedException}.
   */
  static Server start(VitrineConfig config, StopRequest stop) throws Exception {
    var server = new Server(config);
    try {
      server.startParts(stop);
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

  private void startParts(StopRequest stop) throws Exception {
    long start = System.nanoTime();
    Preflight.require(config);
    var wait = new DatabaseWait(config.database().startTimeout(), stop);
    var database = ServerDatabase.open(config, lifecycle, fatal::tryComplete, wait);
    var observers = Observers.open(config, lifecycle);
    database.measure(observers.meters());
    var vertx = observers.vertx();
    database.requireReachable(vertx, wait);
    var pools = pools(vertx, database.address(), observers);
    var watching = new SharedParts.Watching(observers.meters(), observers.traces());
    var shared =
        SharedParts.of(new SharedParts.Nodes(vertx, peers(vertx)), config, watching, pools);
    new UpkeepRole(shared).start();
    new RelayRole(shared.upkeep("notifications"), lifecycle).start();
    roles(shared);
    lifecycle.onClose("readiness", this::withdraw);
    health.started();
    log.atInfo()
        .addKeyValue("node", config.node().name())
        .addKeyValue("roles", config.roles())
        .addKeyValue("api", port())
        .addKeyValue("uwsgi", uwsgiPort())
        .addKeyValue("management", managementPort)
        .addKeyValue("ms", (System.nanoTime() - start) / 1_000_000)
        .log("Started");
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

  /** Metrics, health checks and the database probe run on a thread of their own. */
  private DatabasePools pools(Vertx vertx, DatabaseAddress address, Observers observers)
      throws Exception {
    var watcher = observers.watcher();
    var opening =
        new DatabasePools.Opening(
            address,
            config.database(),
            config.roles().contains(Role.HTTP),
            new DatabaseMeters(observers.meters()));
    var watch = opening.watch(watcher, lifecycle);
    health.needs(() -> watch.fault().map(reason -> "database: " + reason));
    management(watcher, observers.meters());
    return opening.open(vertx, watch, lifecycle);
  }

  private void management(Vertx vertx, PrometheusMeterRegistry registry) throws Exception {
    var meters = new ProcessMeters(registry);
    meters.watch(health);
    var build = Build.ofThisProgram();
    meters.build(build.version(), build.revision());
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
    log.atInfo()
        .addKeyValue("grace_seconds", config.shutdown().grace().toSeconds())
        .log("Stopping");
    lifecycle.close();
    log.info("Stopped");
  }
}
