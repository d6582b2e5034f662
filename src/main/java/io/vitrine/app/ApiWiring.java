package io.vitrine.app;

import io.vertx.sqlclient.Pool;
import io.vitrine.access.identity.Identity;
import io.vitrine.access.signature.Barbican;
import io.vitrine.access.signature.BarbicanCertificates;
import io.vitrine.access.signature.Certificates;
import io.vitrine.access.signature.DirectoryCertificates;
import io.vitrine.access.signature.EncryptionKeys;
import io.vitrine.access.signature.Signatures;
import io.vitrine.api.HttpVerticle;
import io.vitrine.api.Services;
import io.vitrine.api.filter.ApiSettings;
import io.vitrine.api.images.EventFeed;
import io.vitrine.api.schema.ApiOffer;
import io.vitrine.api.schema.StoreOffer;
import io.vitrine.catalog.blobs.ScrubJournal;
import io.vitrine.catalog.events.Deliveries;
import io.vitrine.catalog.events.ImageEvents;
import io.vitrine.catalog.images.CacheNodes;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.catalog.images.ImageMembers;
import io.vitrine.catalog.images.NewImages;
import io.vitrine.catalog.metadefs.DefinitionCatalog;
import io.vitrine.catalog.metadefs.NamespaceCatalog;
import io.vitrine.catalog.tasks.ImportKeys;
import io.vitrine.catalog.tasks.ImportRequests;
import io.vitrine.catalog.tasks.LocationRequests;
import io.vitrine.catalog.tasks.TaskCatalog;
import io.vitrine.image.ImageId;
import io.vitrine.net.listener.HttpListener;
import io.vitrine.observe.metrics.CacheMeters;
import io.vitrine.observe.metrics.RequestMeters;
import io.vitrine.observe.metrics.TransferMeters;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.store.StoreWatch;
import io.vitrine.store.StoresConfig;
import io.vitrine.transfer.stream.LocationReader;
import io.vitrine.upkeep.cache.CacheVerticle;
import io.vitrine.upkeep.cache.ImageCache;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the verticles of the API; each call shares what is created here once. */
final class ApiWiring {
  private static final Logger log = LoggerFactory.getLogger(ApiWiring.class);
  private static final Duration EVENTS_POLL = Duration.ofSeconds(1);

  private final Wiring wiring;
  private final VitrineConfig config;
  private final StoreWatch watch;
  private final Identity identity;
  private final ApiRules rules;
  private final ListenerWiring listener;
  private final ApiSettings settings;
  private final EventFeed events;
  private final TransferMeters transferMeters;
  private final RequestMeters requestMeters;

  /** Creates what the verticles share. */
  ApiWiring(Wiring wiring, ApiRules rules, Identity identity, StoreWatch watch) {
    this.wiring = wiring;
    this.rules = rules;
    this.identity = identity;
    this.watch = watch;
    config = wiring.config();
    listener = new ListenerWiring(config.http(), config.uwsgi());
    settings = listener.apiSettings();
    events =
        new EventFeed(
            wiring.vertx(), new ImageEvents(wiring.upkeep("events").pool()), eventLimits());
    transferMeters = new TransferMeters(wiring.meters());
    requestMeters = new RequestMeters(wiring.meters());
  }

  private EventFeed.Limits eventLimits() {
    var limits = config.http().limits();
    return new EventFeed.Limits(
        limits.maxEventStreams(), limits.maxEventStreamsPerClient(), EVENTS_POLL.toMillis());
  }

  /** This node's cache; empty if it is off. Blocks. */
  Optional<ImageCache> cache() throws IOException {
    var cache = config.cache();
    if (!cache.enabled()) {
      return Optional.empty();
    }
    var limits = new ImageCache.Settings(cache.dir(), cache.maxSize().bytes(), cache.stallTime());
    return Optional.of(
        ImageCache.open(
            wiring.vertx(),
            limits,
            new CacheMeters(wiring.meters()),
            Clock.systemUTC(),
            this::suspect));
  }

  CacheVerticle cacheKeeper(ImageCache cache) {
    var pool = wiring.upkeep("cache").pool();
    return new CacheVerticle(
        cache,
        new ImageCatalog(pool),
        new ImageLocations(pool),
        reader(),
        config.lease().gcInterval(),
        cacheNodes(pool));
  }

  private Optional<CacheNodes> cacheNodes(Pool pool) {
    return config.cache().nodeUrl().map(url -> new CacheNodes(pool, url));
  }

  private LocationReader reader() {
    return new LocationReader(wiring.stores(), wiring.webStores(), watch::state, this::suspect);
  }

  private void suspect(ImageId image) {
    new ScrubJournal(wiring.upkeep("scrub").pool(), wiring.leaseholder())
        .suspect(image)
        .onFailure(
            failure -> log.warn("image={} is not looked at soon: {}", image, failure.getMessage()));
  }

  HttpVerticle verticle(Optional<ImageCache> cache) {
    var keyManager = keyManager();
    return new HttpVerticle(
        new HttpListener(listener.settings()),
        listener.uwsgi(),
        new Services(
            images(keyManager),
            imports(),
            new Services.Definitions(
                new NamespaceCatalog(wiring.pool(), wiring.outbox()),
                new DefinitionCatalog(wiring.pool(), wiring.outbox())),
            new Services.Callers(identity, rules.policy(), rules.protections()),
            transfers(cache, certificates(keyManager)),
            offer(),
            settings,
            new Services.Watching(requestMeters, wiring.traces()),
            wiring.node()));
  }

  private Services.Images images(Optional<Barbican> keyManager) {
    var pool = wiring.pool();
    var outbox = wiring.outbox();
    return new Services.Images(
        catalog(),
        new NewImages(pool, wiring.quotas(), wiring.requestKeys(), outbox),
        new ImageLocations(pool, outbox),
        new LocationRequests(pool, outbox),
        new ImageMembers(pool, outbox),
        new EncryptionKeys(keyManager),
        wiring.quotas(),
        events);
  }

  private ImageCatalog catalog() {
    return new ImageCatalog(wiring.pool(), config.image().delayedDelete(), wiring.outbox());
  }

  private Services.Imports imports() {
    var pool = wiring.pool();
    return new Services.Imports(
        new ImportRequests(
            pool, wiring.quotas(), wiring.requestKeys(), wiring.seal(), wiring.outbox()),
        new ImportKeys(pool),
        wiring.tasks(),
        new TaskCatalog(pool, config.importing().taskTtl()),
        new FetchWiring(wiring.vertx(), config.importing()).uriRules(),
        PluginWiring.outputFormat(config.importing()),
        PluginWiring.injected(config.importing()));
  }

  private Services.Transfers transfers(Optional<ImageCache> cache, Certificates certificates) {
    return new Services.Transfers(
        wiring.journal(),
        wiring.stores(),
        watch::state,
        wiring.webStores(),
        reader(),
        cache,
        cacheNodes(wiring.pool()),
        new Signatures(certificates, Clock.systemUTC()),
        new Deliveries(wiring.upkeep("deliveries").pool(), wiring.outbox()),
        transferMeters);
  }

  private Optional<Barbican> keyManager() {
    var timeout = config.signature().timeout();
    return config.signature().barbicanUrl().map(url -> new Barbican(wiring.vertx(), url, timeout));
  }

  private Certificates certificates(Optional<Barbican> keyManager) {
    return keyManager
        .<Certificates>map(BarbicanCertificates::new)
        .orElseGet(
            () -> new DirectoryCertificates(wiring.vertx(), config.signature().certificatesDir()));
  }

  private Map<String, StoreOffer> stores() {
    var offers = new LinkedHashMap<String, StoreOffer>();
    config.stores().backends().forEach((id, backend) -> offers.put(id, offer(backend)));
    return offers;
  }

  private static StoreOffer offer(StoresConfig.Backend backend) {
    var store = backend.store();
    return new StoreOffer(
        backend.kind().name(),
        backend.description(),
        backend.weight(),
        backend.isWritable(),
        store.canBeCloned(),
        store.urls(),
        store.properties());
  }

  private ApiOffer offer() {
    var image = config.image();
    return new ApiOffer(
        wiring.imageLimits(),
        rules.schema(),
        config.importing().methods(),
        stores(),
        config.stores().defaultBackend(),
        image.sizeCap().bytes(),
        image.listDefault(),
        image.listMax(),
        image.memberQuota(),
        config.cache().enabled(),
        new ApiOffer.Locating(
            image.showMultipleLocations(), image.showImageDirectUrl(), image.locationQuota()));
  }
}
