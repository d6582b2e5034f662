package io.vitrine;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vitrine.bus.Peers;
import io.vitrine.cache.CacheVerticle;
import io.vitrine.cache.ImageCache;
import io.vitrine.catalog.AccessSeal;
import io.vitrine.catalog.BlobJournal;
import io.vitrine.catalog.DefinitionCatalog;
import io.vitrine.catalog.IdempotencyKeys;
import io.vitrine.catalog.ImageCatalog;
import io.vitrine.catalog.ImageEvents;
import io.vitrine.catalog.ImageLocations;
import io.vitrine.catalog.ImageMembers;
import io.vitrine.catalog.ImportKeys;
import io.vitrine.catalog.ImportProgress;
import io.vitrine.catalog.ImportRequests;
import io.vitrine.catalog.Leaseholder;
import io.vitrine.catalog.LocationRequests;
import io.vitrine.catalog.MetadefLibrary;
import io.vitrine.catalog.NamespaceCatalog;
import io.vitrine.catalog.NewImages;
import io.vitrine.catalog.PluginProgress;
import io.vitrine.catalog.Quotas;
import io.vitrine.catalog.ScrubJournal;
import io.vitrine.catalog.SharedContents;
import io.vitrine.catalog.TaskCatalog;
import io.vitrine.catalog.TaskQueue;
import io.vitrine.config.VitrineConfig;
import io.vitrine.fetch.FetchRules;
import io.vitrine.fetch.Fetcher;
import io.vitrine.fetch.Network;
import io.vitrine.fetch.NetworkLists;
import io.vitrine.fetch.RegionImages;
import io.vitrine.fetch.Resumption;
import io.vitrine.fetch.UriRules;
import io.vitrine.fetch.UrlFilter;
import io.vitrine.garbage.GarbageVerticle;
import io.vitrine.http.ApiOffer;
import io.vitrine.http.ApiSettings;
import io.vitrine.http.DescribedProperties;
import io.vitrine.http.EventFeed;
import io.vitrine.http.HttpVerticle;
import io.vitrine.http.ImageSchema;
import io.vitrine.http.Services;
import io.vitrine.identity.Identity;
import io.vitrine.image.ImageLimits;
import io.vitrine.image.StoreState;
import io.vitrine.importer.ImportVerticle;
import io.vitrine.importer.Imports;
import io.vitrine.importer.ScratchSpace;
import io.vitrine.importer.SourceRules;
import io.vitrine.inspect.FormatRules;
import io.vitrine.listen.HttpListener;
import io.vitrine.listen.ListenerSettings;
import io.vitrine.policy.PropertyProtections;
import io.vitrine.policy.RulePolicy;
import io.vitrine.scrub.ScrubVerticle;
import io.vitrine.signature.Barbican;
import io.vitrine.signature.BarbicanCertificates;
import io.vitrine.signature.Certificates;
import io.vitrine.signature.DirectoryCertificates;
import io.vitrine.signature.EncryptionKeys;
import io.vitrine.signature.Signatures;
import io.vitrine.store.BlobStore;
import io.vitrine.store.StoreCalls;
import io.vitrine.store.StorePools;
import io.vitrine.store.StoreVerticle;
import io.vitrine.store.StoreWatch;
import io.vitrine.store.TransferBudget;
import io.vitrine.stream.LocationReader;
import io.vitrine.stream.StoreClient;
import io.vitrine.telemetry.CacheMeters;
import io.vitrine.telemetry.ImportMeters;
import io.vitrine.telemetry.RequestMeters;
import io.vitrine.telemetry.ScrubMeters;
import io.vitrine.telemetry.StoreMeters;
import io.vitrine.telemetry.TransferMeters;
import io.vitrine.uwsgi.UwsgiListener;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Makes the parts from the configuration; the one place that knows them all. */
final class Wiring {
  private static final Duration EVENTS_POLL = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final VitrineConfig config;
  private final MeterRegistry meters;
  private final TransferMeters transferMeters;
  private final RequestMeters requestMeters;
  private final String node;
  private final Leaseholder holder;
  private final Pool pool;
  private final Quotas quotas;
  private final IdempotencyKeys requestKeys;
  private final BlobJournal journal;
  private final AccessSeal seal;
  private final TaskQueue tasks;
  private final StoreClient stores;
  private final StoreWiring storeWiring;
  private volatile StoreWatch watch = StoreWatch.none();
  private final Fetcher fetcher;
  private final FormatRules rules;
  private final PropertyProtections protections;
  private final RulePolicy policy;
  private final ImageSchema imageSchema;
  private final Identity identity;
  private final ListenerSettings listening;
  private final UwsgiListener.Settings uwsgi;
  private final ApiSettings apiSettings;
  private final EventFeed events;

  Wiring(Vertx vertx, VitrineConfig config, MeterRegistry meters, Pool pool, Peers peers) {
    this.vertx = vertx;
    this.config = config;
    this.meters = meters;
    transferMeters = new TransferMeters(meters);
    requestMeters = new RequestMeters(meters);
    this.pool = pool;
    node = config.node().name();
    holder = new Leaseholder(UUID.randomUUID(), config.lease().ttl());
    var callers = new IdentityWiring(vertx, config);
    identity = callers.identity();
    var listener = new ListenerWiring(config.http(), config.uwsgi());
    listening = listener.settings();
    uwsgi = listener.uwsgi();
    apiSettings = listener.apiSettings();
    events = new EventFeed(vertx, new ImageEvents(pool), eventLimits());
    quotas = new Quotas(pool, callers.limits());
    requestKeys = new IdempotencyKeys(pool, config.http().idempotencyTtl());
    storeWiring = StoreWiring.of(config);
    journal = new BlobJournal(pool, holder, quotas, storeWiring.sharing());
    seal = seal();
    tasks = new TaskQueue(pool, holder, config.importing().taskTtl(), seal);
    var protection = config.policy().propertyProtection();
    protections =
        PropertyProtections.load(
            protection.file(), PropertyProtections.Format.of(protection.ruleFormat()));
    policy = RulePolicy.load(config.policy().file(), protections.rules());
    imageSchema =
        new ImageSchema(
            imageLimits(),
            config
                .image()
                .schemaFile()
                .map(DescribedProperties::read)
                .orElse(DescribedProperties.NONE));
    stores = new StoreClient(vertx, node, peers, config.transfer().idleTimeout());
    fetcher = new Fetcher(vertx, fetchRules());
    rules =
        new FormatRules(
            new FormatRules.Settings(
                config.image().requireFormatMatch(),
                Set.copyOf(config.image().vmdkAllowedTypes()),
                Set.copyOf(config.image().gptChecksNonfatal())));
  }

  private AccessSeal seal() {
    var key = config.importing().glanceDownload().tokenKey().value();
    return key.isEmpty() ? AccessSeal.ofThisProcess() : AccessSeal.of(key);
  }

  Leaseholder leaseholder() {
    return holder;
  }

  RulePolicy policy() {
    return policy;
  }

  TaskQueue tasks() {
    return tasks;
  }

  /** The cache of this node, unless it is off. Blocks. */
  Optional<ImageCache> cache() throws IOException {
    var cache = config.cache();
    if (!cache.enabled()) {
      return Optional.empty();
    }
    var settings = new ImageCache.Settings(cache.dir(), cache.maxSize().bytes(), cache.stallTime());
    return Optional.of(
        ImageCache.open(vertx, settings, new CacheMeters(meters), Clock.systemUTC()));
  }

  CacheVerticle cacheKeeper(ImageCache cache) {
    return new CacheVerticle(
        cache,
        new ImageCatalog(pool, config.image().delayedDelete()),
        new ImageLocations(pool),
        new LocationReader(stores, fetcher, this::state),
        config.lease().gcInterval());
  }

  HttpVerticle http(Optional<ImageCache> cache) {
    return http(identity, cache);
  }

  HttpVerticle http(Identity callers, Optional<ImageCache> cache) {
    var keyManager = keyManager();
    return new HttpVerticle(
        new HttpListener(listening),
        uwsgi,
        new Services(
            images(keyManager),
            new Services.Imports(
                new ImportRequests(pool, quotas, requestKeys, seal),
                new ImportKeys(pool),
                tasks,
                new TaskCatalog(pool),
                new UriRules(fetchRules())),
            new Services.Definitions(new NamespaceCatalog(pool), new DefinitionCatalog(pool)),
            new Services.Callers(callers, policy, protections),
            new Services.Transfers(
                journal,
                stores,
                this::state,
                fetcher,
                cache,
                new Signatures(certificates(keyManager), Clock.systemUTC()),
                transferMeters),
            offer(),
            apiSettings,
            requestMeters,
            node));
  }

  private Services.Images images(Optional<Barbican> keyManager) {
    return new Services.Images(
        new ImageCatalog(pool, config.image().delayedDelete()),
        new NewImages(pool, quotas, requestKeys),
        new ImageLocations(pool),
        new LocationRequests(pool),
        new ImageMembers(pool),
        new EncryptionKeys(keyManager),
        quotas,
        events);
  }

  MetadefLibrary metadefs() {
    return new MetadefLibrary(pool);
  }

  private Optional<Barbican> keyManager() {
    var timeout = config.signature().timeout();
    return config.signature().barbicanUrl().map(url -> new Barbican(vertx, url, timeout));
  }

  private Certificates certificates(Optional<Barbican> keyManager) {
    return keyManager
        .<Certificates>map(BarbicanCertificates::new)
        .orElseGet(() -> new DirectoryCertificates(vertx, config.signature().certificatesDir()));
  }

  private ApiOffer offer() {
    var image = config.image();
    return new ApiOffer(
        imageLimits(),
        imageSchema,
        config.importing().methods(),
        storeWiring.offers(),
        config.stores().defaultBackend(),
        image.sizeCap().bytes(),
        image.listDefault(),
        image.listMax(),
        image.memberQuota(),
        config.cache().enabled(),
        new ApiOffer.Locating(
            image.showMultipleLocations(), image.showImageDirectUrl(), image.locationQuota()));
  }

  /** The verticles of the store role, all over the same stores and pools. */
  StoreVerticle store(List<BlobStore> blobStores, StorePools pools, TransferBudget budget) {
    return new StoreVerticle(
        node,
        blobStores,
        new StoreCalls(pools, watch, config.stores().timeout()),
        rules,
        budget,
        config.transfer().idleTimeout());
  }

  /** Watches the stores from now on. */
  StoreWatch watch(List<BlobStore> blobStores) {
    watch =
        StoreWatch.start(blobStores, config.stores().checkInterval(), config.stores().timeout());
    var gauges = new StoreMeters(meters);
    blobStores.forEach(store -> gauges.watch(store.id(), () -> state(store.id()).isUp()));
    return watch;
  }

  private StoreState state(String store) {
    return watch.state(store);
  }

  List<BlobStore> blobStores() throws IOException {
    return storeWiring.stores();
  }

  TransferBudget budget() {
    var transfer = config.transfer();
    return new TransferBudget(
        Math.toIntExact(transfer.chunkSize().bytes()),
        Math.toIntExact(transfer.window().bytes()),
        transfer.memoryBudget().bytes());
  }

  /** What looks over the stores of this node, unless it is off. */
  Optional<ScrubVerticle> scrub(List<BlobStore> blobStores) {
    var scrub = config.scrub();
    var settings =
        new ScrubVerticle.Settings(
            scrub.rate().bytes(),
            scrub.interval(),
            scrub.surveyInterval(),
            scrub.orphanGrace(),
            config.lease().gcInterval(),
            config.lease().ttl().dividedBy(3));
    return scrub.enabled()
        ? Optional.of(
            new ScrubVerticle(
                new ScrubJournal(pool, holder),
                blobStores,
                node,
                settings,
                new ScrubMeters(meters)))
        : Optional.empty();
  }

  GarbageVerticle garbage() {
    return new GarbageVerticle(
        journal,
        new SharedContents(pool),
        tasks,
        requestKeys,
        stores,
        node,
        config.lease().gcInterval(),
        config.image().scrubTime());
  }

  ImportVerticle importer(ScratchSpace scratch, ImportMeters importMeters) {
    var importing = config.importing();
    var imports =
        new Imports(
            tasks,
            new ImportProgress(pool, tasks, journal),
            journal,
            new ImportKeys(pool),
            stores,
            fetcher,
            regionImages(),
            new SourceRules(importing.glanceDownload().extraProperties(), imageLimits()),
            new PluginWiring(vertx, importing, rules, imageLimits()).plugins(),
            new PluginProgress(pool, tasks, journal),
            scratch,
            importMeters,
            node,
            config.image().sizeCap().bytes(),
            config.image().doSecureHash(),
            new Imports.Bounds(
                importing.webDownload().maxAttempts(), importing.maxParallelStores()));
    var settings =
        new ImportVerticle.Settings(
            importing.concurrency(),
            importing.maxAttempts(),
            Duration.ofSeconds(2),
            config.shutdown().importGrace(),
            config.cluster().patience());
    // Outside of a verticle this makes a context on an event loop.
    return imports.worker(vertx, vertx.getOrCreateContext(), settings);
  }

  private EventFeed.Limits eventLimits() {
    var limits = config.http().limits();
    return new EventFeed.Limits(
        limits.maxEventStreams(), limits.maxEventStreamsPerClient(), EVENTS_POLL.toMillis());
  }

  private RegionImages regionImages() {
    var importing = config.importing();
    return new RegionImages(
        vertx,
        importing.glanceDownload().caFile(),
        resumption(),
        importing.webDownload().connectTimeout(),
        importing.webDownload().readTimeout());
  }

  private ImageLimits imageLimits() {
    var image = config.image();
    return new ImageLimits(
        image.diskFormats(), image.containerFormats(), image.propertyQuota(), image.tagQuota());
  }

  private FetchRules fetchRules() {
    var web = config.importing().webDownload();
    return new FetchRules(
        new UrlFilter(
            UrlFilter.Lists.of(web.allowedSchemes(), web.disallowedSchemes()),
            UrlFilter.Lists.of(web.allowedHosts(), web.disallowedHosts()),
            UrlFilter.Lists.of(web.allowedPorts(), web.disallowedPorts())),
        new NetworkLists(networks(web.allowedNetworks()), networks(web.disallowedNetworks())),
        web.maxRedirects(),
        web.connectTimeout(),
        web.readTimeout(),
        resumption());
  }

  private Resumption resumption() {
    var web = config.importing().webDownload();
    return new Resumption(web.maxResumes(), web.maxAttempts(), web.retryPause());
  }

  private static List<Network> networks(List<String> texts) {
    return texts.stream().map(Network::parse).toList();
  }
}
