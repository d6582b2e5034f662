package io.vitrine.app;

import static io.vitrine.app.lifecycle.Lifecycle.await;

import io.vertx.core.DeploymentOptions;
import io.vitrine.app.lifecycle.Lifecycle;
import io.vitrine.catalog.audit.AuditRecords;
import io.vitrine.catalog.blobs.ScrubJournal;
import io.vitrine.catalog.blobs.ScrubJournal.Scope;
import io.vitrine.catalog.blobs.SharedContents;
import io.vitrine.catalog.blobs.UnwantedBlobs;
import io.vitrine.image.location.BlobRef;
import io.vitrine.observe.metrics.Health;
import io.vitrine.observe.metrics.ScrubMeters;
import io.vitrine.observe.metrics.StoreMeters;
import io.vitrine.store.StoreVerticle;
import io.vitrine.store.TransferBudget;
import io.vitrine.store.TransferRules;
import io.vitrine.store.UploadTurns;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.kind.Founding;
import io.vitrine.store.node.NodeStores;
import io.vitrine.store.node.StoreExecutor;
import io.vitrine.store.node.StorePools;
import io.vitrine.store.node.StoreWatch;
import io.vitrine.transfer.stream.IdleLimit;
import io.vitrine.upkeep.garbage.GarbageVerticle;
import io.vitrine.upkeep.scrub.ScrubVerticle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The verticles of a process that owns stores: transfers, garbage collection and scrubbing. */
record StoreRole(SharedParts shared, Lifecycle lifecycle, Health health) {
  /** Starts the verticles; the result tracks which stores work. */
  StoreWatch start() throws Exception {
    var config = shared.config();
    var stores = config.stores().open(config.storeSite(this::founding));
    var pools = StorePools.of(config.transfer().hashThreads());
    var watch = watch(stores);
    var node = new NodeStores(stores, pools, watch);
    lifecycle.onClose("store connections", node::close);
    health.faults(() -> faults(stores, watch));
    var vertx = shared.vertx();
    var verticles =
        await(
            vertx.deployVerticle(
                verticles(node),
                new DeploymentOptions().setInstances(config.stores().instances())));
    lifecycle.onClose("stores", () -> await(vertx.undeploy(verticles)));
    var garbage = await(vertx.deployVerticle(garbage()));
    lifecycle.onClose("garbage collection", () -> await(vertx.undeploy(garbage)));
    var scrub = scrub(stores);
    if (scrub.isPresent()) {
      var deployed = await(vertx.deployVerticle(scrub.get()));
      lifecycle.onClose("scrub", () -> await(vertx.undeploy(deployed)));
    }
    return watch;
  }

  /**
   * A staging directory may always start empty, as in a new pod. A store's directory may only if
   * other directories of the store have their marks, or the catalog has no blobs there.
   */
  private Founding founding(String store, boolean isShared) {
    var scope = new Scope(store, isShared ? Optional.empty() : Optional.of(shared.node()));
    return store.equals(BlobRef.STAGING_STORE)
        ? Founding.ALWAYS
        : hasOthers -> hasOthers || isEmpty(scope);
  }

  private boolean isEmpty(Scope scope) {
    try {
      return await(new ScrubJournal(shared.pool(), shared.leaseholder()).isEmpty(scope));
    } catch (Exception failure) {
      throw new IllegalStateException(
          "the catalog cannot list the contents of the stores", failure);
    }
  }

  private StoreWatch watch(List<BlobStore> stores) {
    var config = shared.config().stores();
    var watch = StoreWatch.start(stores, config.checkInterval(), config.timeout());
    var gauges = new StoreMeters(shared.meters());
    stores.forEach(store -> gauges.watch(store.id(), () -> watch.state(store.id()).isUp()));
    return watch;
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

  /** Creates verticles that share the same stores and thread pools. */
  private Supplier<StoreVerticle> verticles(NodeStores stores) {
    var config = shared.config();
    var transfer = config.transfer();
    var rules =
        new TransferRules(
            config.image().formatRules(),
            TransferBudget.of(transfer),
            IdleLimit.of(shared.vertx(), transfer.idleTimeout()),
            new UploadTurns());
    return () ->
        new StoreVerticle(
            shared.node(),
            new StoreExecutor(stores, config.stores().timeout()),
            rules,
            shared.traces());
  }

  private GarbageVerticle garbage() {
    var upkeep = shared.upkeep("garbage");
    return new GarbageVerticle(
        new GarbageVerticle.Leftovers(
            new UnwantedBlobs(upkeep.pool()),
            upkeep.uploadEndings(),
            new SharedContents(upkeep.pool()),
            upkeep.tasks(),
            upkeep.requestKeys(),
            upkeep.tickets(),
            new AuditRecords(upkeep.pool())),
        upkeep.stores(),
        shared.node(),
        new GarbageVerticle.Timing(
            shared.config().lease().gcInterval(),
            shared.config().image().scrubTime(),
            shared.config().audit().retention()));
  }

  /** The scrubber of this node's stores; empty if it is off. */
  private Optional<ScrubVerticle> scrub(List<BlobStore> stores) {
    var scrub = shared.config().scrub();
    if (!scrub.enabled()) {
      return Optional.empty();
    }
    return Optional.of(
        new ScrubVerticle(
            new ScrubJournal(shared.upkeep("scrub").pool(), shared.leaseholder()),
            new ScrubVerticle.OnNode(shared.node(), stores),
            new ScrubVerticle.Timing(scrub, shared.config().lease()),
            new ScrubMeters(shared.meters())));
  }
}
