package io.vitrine.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vitrine.access.keystone.KeystoneLimits;
import io.vitrine.access.quota.Limits;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.blobs.SharedContents.Sharing;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.images.Quotas;
import io.vitrine.catalog.sql.IdempotencyKeys;
import io.vitrine.catalog.sql.Leaseholder;
import io.vitrine.catalog.tasks.TaskQueue;
import io.vitrine.catalog.tasks.TokenCipher;
import io.vitrine.fetch.Fetcher;
import io.vitrine.fetch.WebStores;
import io.vitrine.observe.trace.Traces;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.store.web.WebStoreConfig;
import io.vitrine.transfer.bus.Peers;
import io.vitrine.transfer.stream.IdleLimit;
import io.vitrine.transfer.stream.StoreClient;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.UUID;

/**
 * The parts that several roles of a process share. They use the database either on the connections
 * of requests or on those of background work.
 */
record SharedParts(
    Vertx vertx,
    VitrineConfig config,
    Watching watching,
    DatabasePools pools,
    Leaseholder leaseholder,
    Optional<Limits> limits,
    TokenCipher cipher,
    StoreClient stores,
    Fetcher fetcher,
    WebStores webStores,
    Outbox outbox,
    OnPool onPool) {
  /** The observers of a process. */
  record Watching(MeterRegistry meters, Traces traces) {}

  /** The parts that use the database. */
  private record OnPool(
      Pool pool, Quotas quotas, IdempotencyKeys requestKeys, BlobJournal journal, TaskQueue tasks) {
    static OnPool of(
        Pool pool,
        VitrineConfig config,
        Leaseholder holder,
        Optional<Limits> limits,
        TokenCipher cipher,
        Outbox outbox) {
      var quotas = new Quotas(pool, limits);
      return new OnPool(
          pool,
          quotas,
          new IdempotencyKeys(pool, config.http().idempotencyTtl()),
          new BlobJournal(pool, holder, quotas, sharing(config), outbox),
          new TaskQueue(pool, holder, config.importing().taskTtl(), cipher, outbox));
    }
  }

  /** The parts for requests. */
  static SharedParts of(
      Vertx vertx, VitrineConfig config, Watching watching, DatabasePools pools, Peers peers) {
    var holder = new Leaseholder(UUID.randomUUID(), config.lease().ttl());
    var limits = KeystoneLimits.open(config.identity(), config.quota(), vertx, Clock.systemUTC());
    var cipher = cipher(config);
    var downloads = config.importing().webDownload();
    var outbox = new Outbox(config.notifications().subscription());
    return new SharedParts(
        vertx,
        config,
        watching,
        pools,
        holder,
        limits,
        cipher,
        new StoreClient(
            vertx,
            config.node().name(),
            peers,
            IdleLimit.of(vertx, config.transfer().idleTimeout())),
        new Fetcher(vertx, downloads.rules()),
        WebStoreConfig.open(config.stores(), downloads, vertx),
        outbox,
        OnPool.of(pools.requests(), config, holder, limits, cipher, outbox));
  }

  /** The same parts, on connections of the named background work, which requests must not delay. */
  SharedParts upkeep(String part) {
    var pool = pools.upkeep().apply(part);
    return new SharedParts(
        vertx,
        config,
        watching,
        pools,
        leaseholder,
        limits,
        cipher,
        stores,
        fetcher,
        webStores,
        outbox,
        OnPool.of(pool, config, leaseholder, limits, cipher, outbox));
  }

  Pool pool() {
    return onPool.pool;
  }

  Quotas quotas() {
    return onPool.quotas;
  }

  IdempotencyKeys requestKeys() {
    return onPool.requestKeys;
  }

  BlobJournal journal() {
    return onPool.journal;
  }

  TaskQueue tasks() {
    return onPool.tasks;
  }

  /** The stores that deduplicate data, and whether all nodes share it. */
  private static Sharing sharing(VitrineConfig config) {
    var stores = new LinkedHashMap<String, Boolean>();
    config
        .stores()
        .backends()
        .forEach(
            (id, backend) -> {
              if (backend.dedup()) {
                stores.put(id, config.database().isEmbedded() || backend.store().isShared());
              }
            });
    return new Sharing(stores);
  }

  private static TokenCipher cipher(VitrineConfig config) {
    var key = config.importing().glanceDownload().tokenKey().value();
    return key.isEmpty() ? TokenCipher.ofThisProcess() : TokenCipher.of(key);
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
}
