package io.vitrine.app;

import static io.vitrine.app.lifecycle.Lifecycle.STEP_DEADLINE;
import static io.vitrine.app.lifecycle.Lifecycle.await;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vitrine.access.identity.Identity;
import io.vitrine.access.policy.RulePolicy;
import io.vitrine.api.HttpVerticle;
import io.vitrine.api.Routes;
import io.vitrine.api.console.Console;
import io.vitrine.api.events.EventRoutes;
import io.vitrine.api.events.Feeds;
import io.vitrine.api.filter.PolicyIdentity;
import io.vitrine.api.filter.UploadLimit;
import io.vitrine.api.request.AnswerRoom;
import io.vitrine.app.lifecycle.Lifecycle;
import io.vitrine.catalog.events.ImageChanges;
import io.vitrine.catalog.events.ImageEvents;
import io.vitrine.catalog.events.ProgressJournal;
import io.vitrine.catalog.metadefs.MetadefFiles;
import io.vitrine.catalog.metadefs.MetadefLibrary;
import io.vitrine.metadef.NamespaceDocument;
import io.vitrine.net.uwsgi.UnixSocket;
import io.vitrine.observe.metrics.RequestMeters;
import io.vitrine.observe.metrics.SampleRing;
import io.vitrine.observe.metrics.Sampler;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.store.node.StoreWatch;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
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

  private final SharedParts shared;
  private final Lifecycle lifecycle;
  private final VitrineConfig config;
  private final ApiRules rules;
  private final Feeds feeds;
  private final Queue<HttpVerticle> listeners = new ConcurrentLinkedQueue<>();

  /** Reads the operator's files, so that a faulty one stops the start before anything is served. */
  ApiRole(SharedParts shared, Lifecycle lifecycle) {
    this.shared = shared;
    this.lifecycle = lifecycle;
    config = shared.config();
    rules = ApiRules.load(config, shared.config().image().limits());
    var pool = shared.upkeep("events").pool();
    feeds =
        new Feeds(
            shared.vertx(),
            new Feeds.Sources(
                new ImageEvents(pool), new ImageChanges(pool), new ProgressJournal(pool)),
            config.http().limits());
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
    refresh(rules.policy());
    listen(routes(watch, config.identity().open(shared.vertx(), Clock.systemUTC())));
    lifecycle.onClose("API", this::drain);
  }

  /** The routes for callers of an identity. */
  Routes routes(StoreWatch watch, Identity identity) throws Exception {
    var limits = config.http().limits();
    var reading = new CacheRole(shared, lifecycle, watch);
    var handlers = new ApiHandlers(shared, rules, reading, reading.start());
    var events = handlers.events(feeds);
    var passage =
        new Routes.Passage(
            new PolicyIdentity(identity, rules.policy()),
            AnswerRoom.of(limits),
            new UploadLimit(limits.maxUploadsPerClient()),
            new RequestMeters(shared.meters()),
            shared.traces());
    var uploads = handlers.uploads();
    var begun = handlers.begunUploads(uploads);
    var puts = handlers.puts(begun);
    var data = handlers.data(puts);
    return new Routes(
        config.http(),
        passage,
        rules.capabilities(),
        new Routes.Groups(
            List.of(
                handlers.images(events),
                data,
                puts,
                handlers.imports(identity),
                handlers.metadefs()),
            List.of(
                uploads,
                begun,
                handlers.tickets(data.downloads()),
                new EventRoutes(events),
                handlers.audit(),
                handlers.status(watch, samples())),
            console(identity)));
  }

  /** Samples what this process does, as long as it runs. */
  private SampleRing samples() {
    var sampler = new Sampler(shared.meters(), Clock.systemUTC());
    sampler.take();
    var vertx = shared.vertx();
    var timer = vertx.setPeriodic(SampleRing.INTERVAL.toMillis(), tick -> sampler.take());
    lifecycle.onClose("samples", () -> vertx.cancelTimer(timer));
    return sampler.ring();
  }

  private Optional<Console> console(Identity identity) {
    return config.http().console().enabled()
        ? Optional.of(Console.of(config.identity(), identity, shared.vertx(), Clock.systemUTC()))
        : Optional.empty();
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
        found
            .faults()
            .forEach(
                fault ->
                    log.atWarn()
                        .addKeyValue("error", fault)
                        .log("Some metadata definitions cannot be read"));
        documents.addAll(found.documents());
      } catch (IOException unreadable) {
        log.atWarn()
            .addKeyValue("dir", dir)
            .addKeyValue("error", unreadable.toString())
            .log("Cannot read the directory of metadata definitions");
      }
    }
    if (config.metadefs().builtin()) {
      documents.addAll(MetadefFiles.builtin());
    }
    int loaded = await(new MetadefLibrary(shared.pool()).seed(documents));
    if (loaded > 0) {
      log.atInfo().addKeyValue("namespaces", loaded).log("Loaded metadata definitions");
    }
  }

  private void refresh(RulePolicy policy) {
    var vertx = shared.vertx();
    vertx.setPeriodic(
        config.policy().refreshInterval().toMillis(),
        tick -> vertx.executeBlocking(Executors.callable(policy::refresh)));
  }

  private void listen(Routes routes) throws Exception {
    var socket = config.uwsgi().socket();
    if (socket.isPresent()) {
      UnixSocket.clear(socket.get());
    }
    await(
        shared
            .vertx()
            .deployVerticle(
                () -> {
                  var verticle = new HttpVerticle(config.http(), config.uwsgi(), routes);
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
    feeds.close();
    var grace = config.shutdown().grace();
    var drained = Future.all(listeners.stream().map(each -> each.drain(grace)).toList());
    await(Future.any(lifecycle.hurried(), drained), grace.plus(STEP_DEADLINE));
  }
}
