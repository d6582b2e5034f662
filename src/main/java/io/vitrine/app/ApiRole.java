package io.vitrine.app;

import static io.vitrine.app.Lifecycle.STEP_DEADLINE;
import static io.vitrine.app.Lifecycle.await;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vitrine.access.policy.RulePolicy;
import io.vitrine.api.HttpVerticle;
import io.vitrine.catalog.metadefs.MetadefFiles;
import io.vitrine.catalog.metadefs.MetadefLibrary;
import io.vitrine.metadef.NamespaceDocument;
import io.vitrine.net.uwsgi.UnixSocket;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.store.StoreWatch;
import io.vitrine.upkeep.cache.ImageCache;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verticles of a process that serves the API. */
final class ApiRole {
  private static final Logger log = LoggerFactory.getLogger(ApiRole.class);

  private final Wiring wiring;
  private final Lifecycle lifecycle;
  private final VitrineConfig config;
  private final ApiRules rules;
  private final Queue<HttpVerticle> listeners = new ConcurrentLinkedQueue<>();

  /** Reads the operator's files, so that a faulty one stops the start before anything is served. */
  ApiRole(Wiring wiring, Lifecycle lifecycle) {
    this.wiring = wiring;
    this.lifecycle = lifecycle;
    config = wiring.config();
    rules = ApiRules.load(config, wiring.imageLimits());
  }

  /** The HTTP port in use. */
  int port() {
    return listeners.element().port();
  }

  /** The TCP port in use for the uwsgi protocol; 0 if there is none. */
  int uwsgiPort() {
    return listeners.element().uwsgiPort();
  }

  /**
   * Starts the verticles.
   *
   * @param watch the state of the stores
   */
  void start(StoreWatch watch) throws Exception {
    seedMetadefs();
    var callers = config.identity().open(wiring.vertx(), Clock.systemUTC());
    var parts = new ApiWiring(wiring, rules, callers, watch);
    var cache = cache(parts);
    refresh(rules.policy());
    listen(parts, cache);
    lifecycle.onClose("API", this::drain);
  }

  /**
   * Fills an empty catalog of metadata definitions; unreadable files are skipped with a warning.
   */
  private void seedMetadefs() throws Exception {
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
    int loaded = await(new MetadefLibrary(wiring.pool()).seed(documents));
    if (loaded > 0) {
      log.info("loaded {} namespaces of metadata definitions", loaded);
    }
  }

  private Optional<ImageCache> cache(ApiWiring parts) throws Exception {
    var cache = parts.cache();
    if (cache.isPresent()) {
      var vertx = wiring.vertx();
      lifecycle.onClose("cache", cache.get()::close);
      var keeper = await(vertx.deployVerticle(parts.cacheKeeper(cache.get())));
      lifecycle.onClose("cache keeper", () -> await(vertx.undeploy(keeper)));
    }
    return cache;
  }

  private void refresh(RulePolicy policy) {
    var vertx = wiring.vertx();
    vertx.setPeriodic(
        config.policy().refreshInterval().toMillis(),
        tick -> vertx.executeBlocking(Executors.callable(policy::refresh)));
  }

  private void listen(ApiWiring parts, Optional<ImageCache> cache) throws Exception {
    var socket = config.uwsgi().socket();
    if (socket.isPresent()) {
      UnixSocket.clear(socket.get());
    }
    await(
        wiring
            .vertx()
            .deployVerticle(
                () -> {
                  var verticle = parts.verticle(cache);
                  listeners.add(verticle);
                  return verticle;
                },
                new DeploymentOptions().setInstances(config.http().instances())));
    if (socket.isPresent()) {
      UnixSocket.open(socket.get());
      lifecycle.onClose("unix socket", () -> UnixSocket.clear(socket.get()));
    }
  }

  /** Goes on serving, but asks clients to close their connections. */
  void leave() {
    listeners.forEach(HttpVerticle::leave);
  }

  private void drain() throws TimeoutException {
    var grace = config.shutdown().grace();
    var drained = Future.all(listeners.stream().map(each -> each.drain(grace)).toList());
    await(Future.any(lifecycle.hurried(), drained), grace.plus(STEP_DEADLINE));
  }
}
