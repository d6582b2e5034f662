package io.vitrine.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vitrine.access.keystone.KeystoneLimits;
import io.vitrine.access.quota.Limits;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.blobs.SharedContents.Sharing;
import io.vitrine.catalog.blobs.UploadEndings;
import io.vitrine.catalog.blobs.UploadJournal;
import io.vitrine.catalog.blobs.UploadParts;
import io.vitrine.catalog.blobs.UploadStates;
import io.vitrine.catalog.events.NotifiedPool;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.images.Quotas;
import io.vitrine.catalog.sql.IdempotencyKeys;
import io.vitrine.catalog.sql.Leaseholder;
import io.vitrine.catalog.tasks.TaskQueue;
import io.vitrine.catalog.tasks.TokenCipher;
import io.vitrine.catalog.tickets.TicketJournal;
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
    OnAnyPool onAnyPool,
    StoreClient stores,
    Fetcher fetcher,
    WebStores webStores,
    OnPool onPool) {
  /** The observers of a process. */
  record Watching(MeterRegistry meters, Traces traces) {}

  /**
   * The process's own Vert.x, and the nodes that it reaches.
   *
   * @param peers the other nodes
   */
  record Nodes(Vertx vertx, Peers peers) {}

  /** What uses of the database have in common, whatever their connections. */
  private record OnAnyPool(
      Leaseholder leaseholder, Optional<Limits> limits, TokenCipher cipher, Outbox outbox) {
    OnPool on(Pool pool, VitrineConfig config) {
      var database = new NotifiedPool(pool, outbox);
      var quotas = new Quotas(pool, limits);
      return new OnPool(
          database,
          quotas,
          new IdempotencyKeys(pool, config.http().idempotencyTtl()),
          new BlobJournal(database, leaseholder, quotas, sharing(config)),
          new TaskQueue(database, leaseholder, config.importing().taskTtl(), cipher));
    }
  }

  /** The parts that use the database. */
  private record OnPool(
      NotifiedPool database,
      Quotas quotas,
      IdempotencyKeys requestKeys,
      BlobJournal journal,
      TaskQueue tasks) {}

  /** The parts for requests. */
  static SharedParts of(Nodes nodes, VitrineConfig config, Watching watching, DatabasePools pools) {
    var vertx = nodes.vertx();
    var onAnyPool =
        new OnAnyPool(
            new Leaseholder(UUID.randomUUID(), config.lease().ttl()),
            KeystoneLimits.open(config.identity(), config.quota(), vertx, Clock.systemUTC()),
            cipher(config),
            new Outbox(config.notifications().subscription()));
    var downloads = config.importing().webDownload();
    return new SharedParts(
        vertx,
        config,
        watching,
        pools,
        onAnyPool,
        new StoreClient(
            vertx,
            config.node().name(),
            nodes.peers(),
            IdleLimit.of(vertx, config.transfer().idleTimeout())),
        new Fetcher(vertx, downloads.rules()),
        WebStoreConfig.open(config.stores(), downloads, vertx),
        onAnyPool.on(pools.requests(), config));
  }

  /** The same parts, on connections of the named background work, which requests must not delay. */
  SharedParts upkeep(String part) {
    return new SharedParts(
        vertx,
        config,
        watching,
        pools,
        onAnyPool,
        stores,
        fetcher,
        webStores,
        onAnyPool.on(pools.upkeep().apply(part), config));
  }

  Leaseholder leaseholder() {
    return onAnyPool.leaseholder;
  }

  TokenCipher cipher() {
    return onAnyPool.cipher;
  }

  Outbox outbox() {
    return onAnyPool.outbox;
  }

  NotifiedPool database() {
    return onPool.database;
  }

  Pool pool() {
    return onPool.database.pool();
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

  UploadStates uploadStates() {
    return new UploadStates(pool(), config.uploads());
  }

  UploadJournal uploads() {
    return new UploadJournal(pool(), leaseholder(), quotas(), config.uploads());
  }

  UploadParts uploadParts() {
    return new UploadParts(pool(), quotas(), journal(), uploads());
  }

  UploadEndings uploadEndings() {
    return new UploadEndings(pool(), leaseholder(), journal());
  }

  TicketJournal tickets() {
    return new TicketJournal(pool(), config.tickets());
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
