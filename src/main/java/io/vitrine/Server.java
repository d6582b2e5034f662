package io.vitrine;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vertx.sqlclient.Pool;
import io.vitrine.bus.Codecs;
import io.vitrine.bus.Peers;
import io.vitrine.catalog.MetadefFiles;
import io.vitrine.cluster.ClusterLink;
import io.vitrine.config.Role;
import io.vitrine.config.VitrineConfig;
import io.vitrine.database.DatabaseAddress;
import io.vitrine.database.EmbeddedPostgres;
import io.vitrine.database.Migrations;
import io.vitrine.database.PgPool;
import io.vitrine.http.HttpVerticle;
import io.vitrine.importer.ScratchSpace;
import io.vitrine.listen.ListenerTransport;
import io.vitrine.metadef.NamespaceDocument;
import io.vitrine.store.BlobStore;
import io.vitrine.store.StorePools;
import io.vitrine.store.StoreWatch;
import io.vitrine.telemetry.Health;
import io.vitrine.telemetry.ImportMeters;
import io.vitrine.telemetry.ManagementVerticle;
import io.vitrine.telemetry.QueueMeters;
import io.vitrine.uwsgi.UnixSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running Vitrine. Parts start in the order in which they need each other; closing stops them in
 * the reverse order: no new work, running work finishes within the grace time, leases are handed
 * back.
 */
final class Server implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);
  private static final Duration STEP_DEADLINE = Duration.ofSeconds(60);

  private final VitrineConfig config;
  private final Health health = new Health();
  private final Deque<Closing> closings = new ArrayDeque<>();
  private final ConcurrentLinkedQueue<HttpVerticle> listeners = new ConcurrentLinkedQueue<>();
  private final Promise<Void> hurry = Promise.promise();
  private int managementPort;

  private Server(VitrineConfig config) {
    this.config = config;
  }

  /** Starts all parts; when one fails, those that run are stopped again. */
  static Server start(VitrineConfig config) throws Exception {
    var server = new Server(config);
    try {
      server.startParts();
      return server;
    } catch (Exception failure) {
      server.close();
      throw failure;
    }
  }

  /** The port of the API; 0 if this process does not serve it. */
  int port() {
    return listeners.isEmpty() ? 0 : listeners.peek().port();
  }

  /** The TCP port of the uwsgi protocol; 0 if there is none. */
  int uwsgiPort() {
    return listeners.isEmpty() ? 0 : listeners.peek().uwsgiPort();
  }

  /** The port of metrics and health. */
  int managementPort() {
    return managementPort;
  }

  private void startParts() throws Exception {
    long start = System.nanoTime();
    var database = database();
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var vertx = vertx(registry);
    var pool = PgPool.open(vertx, database, config.database());
    onClose("database connections", () -> await(pool.close()));
    var wiring = new Wiring(vertx, config, registry, pool, peers(vertx));
    management(vertx, registry, pool);
    leases(vertx, wiring, pool);
    queue(vertx, wiring, new QueueMeters(registry));
    if (config.roles().contains(Role.STORE)) {
      store(vertx, wiring);
    }
    if (config.roles().contains(Role.IMPORT)) {
      importer(vertx, wiring, new ImportMeters(registry));
    }
    if (config.roles().contains(Role.HTTP)) {
      metadefs(wiring);
      http(vertx, wiring);
    }
    onClose("readiness", this::withdraw);
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

  private DatabaseAddress database() {
    if (config.database().isEmbedded()) {
      var postgres = EmbeddedPostgres.start(config.data().dir());
      onClose("embedded PostgreSQL", postgres::close);
      Migrations.migrate(postgres.address());
      return postgres.address();
    }
    var address = DatabaseAddress.of(config.database());
    Migrations.requireUsable(address);
    return address;
  }

  private Vertx vertx(PrometheusMeterRegistry registry) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    var collections = new JvmGcMetrics();
    collections.bindTo(registry);
    onClose("metrics of the garbage collector", collections::close);
    var options =
        new VertxOptions()
            // Epoll closes a connection that it may not read from now as soon as the peer has, and
            // loses what is still to be read; both are equally fast here.
            .setPreferNativeTransport(false)
            .setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true));
    var vertx =
        Vertx.builder()
            .with(options)
            .withMetrics(new MicrometerMetricsFactory(registry))
            .withTransport(
                new ListenerTransport(new ListenerWiring(config.http(), config.uwsgi()).settings()))
            .build();
    onClose("event loops", () -> await(vertx.close()));
    Codecs.register(vertx);
    return vertx;
  }

  private void management(Vertx vertx, PrometheusMeterRegistry registry, Pool pool)
      throws Exception {
    var management = config.management();
    var verticle =
        new ManagementVerticle(
            management.host(),
            management.port(),
            registry,
            health,
            () -> pool.query("select 1").execute());
    await(vertx.deployVerticle(verticle));
    managementPort = verticle.port();
  }

  /** Others may ask this node for data until its own work is done. */
  private Peers peers(Vertx vertx) {
    if (!config.cluster().enabled()) {
      return Peers.NONE;
    }
    var link = ClusterLink.open(vertx, config.node().name(), config.cluster());
    onClose("cluster", () -> await(link.close()));
    return link;
  }

  private void leases(Vertx vertx, Wiring wiring, Pool pool) throws Exception {
    var holder = wiring.leaseholder();
    if (config.database().isEmbedded()) {
      // Nobody else can use this database, so whoever held leases in it is dead.
      await(holder.outliveOthers(pool));
    }
    vertx.setPeriodic(
        holder.ttl().toMillis() / 3,
        tick ->
            holder
                .renew(pool)
                .onFailure(
                    failure -> log.warn("leases cannot be renewed now: {}", failure.getMessage())));
  }

  private void store(Vertx vertx, Wiring wiring) throws Exception {
    var stores = wiring.blobStores();
    var pools = StorePools.of(config.transfer().hashThreads());
    onClose("store threads", pools::close);
    var watch = wiring.watch(stores);
    onClose("store probes", watch::close);
    health.faults(() -> faults(stores, watch));
    var budget = wiring.budget();
    var verticles =
        await(
            vertx.deployVerticle(
                () -> wiring.store(stores, pools, budget),
                new DeploymentOptions().setInstances(config.http().instances())));
    onClose("stores", () -> await(vertx.undeploy(verticles)));
    var garbage = await(vertx.deployVerticle(wiring.garbage()));
    onClose("garbage collection", () -> await(vertx.undeploy(garbage)));
    var scrub = wiring.scrub(stores);
    if (scrub.isPresent()) {
      var deployed = await(vertx.deployVerticle(scrub.get()));
      onClose("scrub", () -> await(vertx.undeploy(deployed)));
    }
  }

  private static List<String> faults(List<BlobStore> stores, StoreWatch watch) {
    var faults = new ArrayList<String>();
    for (var store : stores) {
      var state = watch.state(store.id());
      if (!state.isUp()) {
        faults.add(
            "store %s: down since %s: %s".formatted(store.id(), state.since(), state.reason()));
      }
    }
    return faults;
  }

  private void importer(Vertx vertx, Wiring wiring, ImportMeters meters) throws Exception {
    var scratch = ScratchSpace.open(config.importing().scratchDir());
    onClose("scratch directory", scratch::close);
    var importer = wiring.importer(scratch, meters);
    var worker =
        await(
            vertx.deployVerticle(
                importer,
                new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)));
    hurry.future().onSuccess(now -> importer.handBack());
    onClose(
        "import worker",
        () -> await(vertx.undeploy(worker), config.shutdown().importGrace().plus(STEP_DEADLINE)));
  }

  private void queue(Vertx vertx, Wiring wiring, QueueMeters meters) {
    vertx.setPeriodic(
        0,
        config.lease().gcInterval().toMillis(),
        tick ->
            wiring
                .tasks()
                .backlog()
                .onSuccess(backlog -> meters.backlog(backlog.waiting(), backlog.oldestSeconds())));
  }

  /**
   * Fills an empty catalog; what cannot be read is missing, but keeps nothing else from working.
   */
  private void metadefs(Wiring wiring) throws Exception {
    var documents = new ArrayList<NamespaceDocument>();
    if (config.metadefs().dir().isPresent()) {
      var dir = config.metadefs().dir().get();
      try {
        var found = MetadefFiles.read(dir);
        found.faults().forEach(fault -> log.warn("metadata definitions are missing: {}", fault));
        documents.addAll(found.documents());
      } catch (IOException unreadable) {
        log.warn("no metadata definitions can be read from {}: {}", dir, unreadable.toString());
      }
    }
    if (config.metadefs().builtin()) {
      documents.addAll(MetadefFiles.builtin());
    }
    int loaded = await(wiring.metadefs().seed(documents));
    if (loaded > 0) {
      log.info("loaded {} namespaces of metadata definitions", loaded);
    }
  }

  private void http(Vertx vertx, Wiring wiring) throws Exception {
    var cache = wiring.cache();
    if (cache.isPresent()) {
      onClose("cache", cache.get()::close);
      var keeper = await(vertx.deployVerticle(wiring.cacheKeeper(cache.get())));
      onClose("cache keeper", () -> await(vertx.undeploy(keeper)));
    }
    var socket = config.uwsgi().socket();
    if (socket.isPresent()) {
      UnixSocket.clear(socket.get());
    }
    var policy = wiring.policy();
    vertx.setPeriodic(
        config.policy().refreshInterval().toMillis(),
        tick -> vertx.executeBlocking(Executors.callable(policy::refresh)));
    await(
        vertx.deployVerticle(
            () -> {
              var verticle = wiring.http(cache);
              listeners.add(verticle);
              return verticle;
            },
            new DeploymentOptions().setInstances(config.http().instances())));
    if (socket.isPresent()) {
      UnixSocket.open(socket.get());
      onClose("unix socket", () -> UnixSocket.clear(socket.get()));
    }
    onClose(
        "API",
        () ->
            await(
                Future.any(
                    hurry.future(),
                    Future.all(
                        listeners.stream()
                            .map(listener -> listener.drain(config.shutdown().grace()))
                            .toList())),
                config.shutdown().grace().plus(STEP_DEADLINE)));
  }

  /** Says that no more work is wanted, and leaves those who send it the time to hear that. */
  private void withdraw() {
    health.draining();
    var delay = config.shutdown().readyDelay();
    if (delay.isPositive()) {
      try {
        await(hurry.future(), delay);
      } catch (TimeoutException over) {
        log.debug("the delay is over");
      }
    }
  }

  /** Has {@link #close()}, which may be under way, wait no longer for running work. */
  void hurry() {
    if (hurry.tryComplete()) {
      log.info("hurrying; running work is cut off or handed back");
    }
  }

  @Override
  public void close() {
    log.info("stopping; running work may go on for {} s", config.shutdown().grace().toSeconds());
    for (var closing : List.copyOf(closings)) {
      try {
        log.debug("closing {}", closing.name());
        closing.action().run();
      } catch (Exception failure) {
        log.warn("{} did not close cleanly: {}", closing.name(), failure.getMessage());
      }
    }
    closings.clear();
    log.info("stopped");
  }

  private void onClose(String name, Action action) {
    closings.push(new Closing(name, action));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return await(future, STEP_DEADLINE);
  }

  private static <T> T await(Future<T> future, Duration deadline) throws TimeoutException {
    return future.await(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  private interface Action {
    void run() throws Exception;
  }

  private record Closing(String name, Action action) {}
}
