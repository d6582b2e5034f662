package io.vitrine;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vitrine.bus.Peers;
import io.vitrine.catalog.AccessSeal;
import io.vitrine.catalog.BlobJournal;
import io.vitrine.catalog.IdempotencyKeys;
import io.vitrine.catalog.Leaseholder;
import io.vitrine.catalog.Quotas;
import io.vitrine.catalog.TaskQueue;
import io.vitrine.config.VitrineConfig;
import io.vitrine.fetch.Fetcher;
import io.vitrine.image.ImageLimits;
import io.vitrine.inspect.FormatRules;
import io.vitrine.stream.StoreClient;
import io.vitrine.trace.Traces;
import java.util.Set;
import java.util.UUID;

/** The parts that several roles of a process share, made from the configuration. */
record Wiring(
    Vertx vertx,
    VitrineConfig config,
    Watching watching,
    Pool pool,
    Leaseholder leaseholder,
    Quotas quotas,
    IdempotencyKeys requestKeys,
    AccessSeal seal,
    BlobJournal journal,
    TaskQueue tasks,
    StoreClient stores,
    Fetcher fetcher) {
  /** Who is told how it goes. */
  record Watching(MeterRegistry meters, Traces traces) {}

  static Wiring of(Vertx vertx, VitrineConfig config, Watching watching, Pool pool, Peers peers) {
    var holder = new Leaseholder(UUID.randomUUID(), config.lease().ttl());
    var quotas = new Quotas(pool, new IdentityWiring(vertx, config).limits());
    var seal = seal(config);
    return new Wiring(
        vertx,
        config,
        watching,
        pool,
        holder,
        quotas,
        new IdempotencyKeys(pool, config.http().idempotencyTtl()),
        seal,
        new BlobJournal(pool, holder, quotas, StoreWiring.of(config).sharing()),
        new TaskQueue(pool, holder, config.importing().taskTtl(), seal),
        new StoreClient(vertx, config.node().name(), peers, config.transfer().idleTimeout()),
        new FetchWiring(vertx, config.importing()).fetcher());
  }

  private static AccessSeal seal(VitrineConfig config) {
    var key = config.importing().glanceDownload().tokenKey().value();
    return key.isEmpty() ? AccessSeal.ofThisProcess() : AccessSeal.of(key);
  }

  String node() {
    return config.node().name();
  }

  MeterRegistry meters() {
    return watching.meters();
  }

  Traces traces() {
    return watching.traces();
  }

  FormatRules formatRules() {
    var image = config.image();
    return new FormatRules(
        new FormatRules.Settings(
            image.requireFormatMatch(),
            Set.copyOf(image.vmdkAllowedTypes()),
            Set.copyOf(image.gptChecksNonfatal())));
  }

  ImageLimits imageLimits() {
    var image = config.image();
    return new ImageLimits(
        image.diskFormats(), image.containerFormats(), image.propertyQuota(), image.tagQuota());
  }
}
