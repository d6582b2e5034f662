package io.vitrine.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.blobs.Repairs;
import io.vitrine.catalog.blobs.ScrubJournal;
import io.vitrine.catalog.blobs.SharedContents;
import io.vitrine.catalog.blobs.UnwantedBlobs;
import io.vitrine.catalog.database.DatabaseAddress;
import io.vitrine.catalog.database.Migrations;
import io.vitrine.catalog.database.PgPool;
import io.vitrine.catalog.images.Quotas;
import io.vitrine.catalog.sql.Leaseholder;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.kind.Founding;
import io.vitrine.upkeep.scrub.Examiner;
import io.vitrine.upkeep.scrub.RateLimit;
import io.vitrine.upkeep.scrub.Repairer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The catalog and the stores for the duration of a command, while servers may use them too. Writes
 * are under leases like those of servers.
 */
final class StoreSession implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final WorkerExecutor threads =
      vertx.createSharedWorkerExecutor("stores", 2, Long.MAX_VALUE);
  private final VitrineConfig config;
  private final Map<String, BlobStore> stores = new LinkedHashMap<>();
  private final BlobJournal journal;
  private final ScrubJournal scrub;
  private final Repairs repairs;
  private final SharedContents contents;
  private final UnwantedBlobs unwanted;

  StoreSession(VitrineConfig config, DatabaseAddress address, List<BlobStore> opened) {
    this.config = config;
    opened.forEach(store -> stores.put(store.id(), store));
    var pool = PgPool.open(vertx, address, config.database());
    var holder = new Leaseholder(UUID.randomUUID(), config.lease().ttl());
    vertx.setPeriodic(holder.ttl().toMillis() / 3, tick -> holder.renew(pool));
    journal = new BlobJournal(pool, holder, new Quotas(pool, Optional.empty()));
    scrub = new ScrubJournal(pool, holder);
    contents = new SharedContents(pool);
    unwanted = new UnwantedBlobs(pool);
    repairs = new Repairs(pool, holder, journal);
  }

  /** Work in a session. */
  interface Work {
    int in(StoreSession session) throws Exception;
  }

  static int use(VitrineConfig config, Work work) throws Exception {
    return ConfiguredDatabase.share(config, address -> use(config, address, work));
  }

  private static int use(VitrineConfig config, DatabaseAddress address, Work work)
      throws Exception {
    Migrations.requireUsable(address);
    var opened = config.stores().open(config.storeSite((store, isShared) -> Founding.NEVER));
    try (var session = new StoreSession(config, address, opened)) {
      return work.in(session);
    } finally {
      opened.forEach(BlobStore::close);
    }
  }

  /** The stores to examine: the named one, or all. */
  List<BlobStore> stores(Optional<String> named) {
    return named.isEmpty()
        ? new ArrayList<>(stores.values())
        : Optional.ofNullable(stores.get(named.get())).map(List::of).orElse(List.of());
  }

  Optional<BlobStore> store(String id) {
    return Optional.ofNullable(stores.get(id));
  }

  UnwantedBlobs unwanted() {
    return unwanted;
  }

  SharedContents contents() {
    return contents;
  }

  ScrubJournal scrub() {
    return scrub;
  }

  VitrineConfig config() {
    return config;
  }

  String node() {
    return config.node().name();
  }

  Examiner examiner(BlobStore store) {
    return new Examiner(store, scrub, threads, RateLimit.unlimited());
  }

  Repairer repairer() {
    return new Repairer(node(), stores, new Repairer.Records(repairs, journal), threads);
  }

  /** Waits for a result without a timeout; only for the command's thread. */
  static <T> T await(Future<T> outcome) {
    return outcome.await();
  }

  @Override
  public void close() {
    await(vertx.close()); // Closes the connections, too.
  }
}
