package io.vitrine.app;

import io.vertx.core.eventbus.EventBus;
import io.vertx.sqlclient.Pool;
import io.vitrine.access.identity.Identity;
import io.vitrine.access.signature.EncryptionKeys;
import io.vitrine.access.signature.Signatures;
import io.vitrine.api.audit.AuditHandler;
import io.vitrine.api.audit.AuditRoutes;
import io.vitrine.api.data.CacheHandler;
import io.vitrine.api.data.CachedCopies;
import io.vitrine.api.data.DataInUse;
import io.vitrine.api.data.DataReceiver;
import io.vitrine.api.data.DataRemoval;
import io.vitrine.api.data.DataRoutes;
import io.vitrine.api.data.DataSender;
import io.vitrine.api.data.DeclaredContent;
import io.vitrine.api.data.DownloadHandler;
import io.vitrine.api.data.DownloadOrder;
import io.vitrine.api.data.QueuedImagesHandler;
import io.vitrine.api.data.Reception;
import io.vitrine.api.data.StoresHandler;
import io.vitrine.api.data.TicketUploadHandler;
import io.vitrine.api.data.UploadHandler;
import io.vitrine.api.events.EventsHandler;
import io.vitrine.api.events.Feeds;
import io.vitrine.api.images.ActionsHandler;
import io.vitrine.api.images.CreationHandler;
import io.vitrine.api.images.ImageChanges;
import io.vitrine.api.images.ImageDeletion;
import io.vitrine.api.images.ImageEdits;
import io.vitrine.api.images.ImageRoutes;
import io.vitrine.api.images.ImagesHandler;
import io.vitrine.api.images.LocationChanges;
import io.vitrine.api.images.LocationPatch;
import io.vitrine.api.images.LocationViews;
import io.vitrine.api.images.LocationsHandler;
import io.vitrine.api.images.MembersHandler;
import io.vitrine.api.images.NewLocations;
import io.vitrine.api.images.TagsHandler;
import io.vitrine.api.images.UsageHandler;
import io.vitrine.api.imports.EncryptedImports;
import io.vitrine.api.imports.ImportHandler;
import io.vitrine.api.imports.ImportPreparation;
import io.vitrine.api.imports.ImportRoutes;
import io.vitrine.api.imports.ImportRules;
import io.vitrine.api.imports.LegacyImports;
import io.vitrine.api.imports.LegacyTasksHandler;
import io.vitrine.api.imports.RegionImports;
import io.vitrine.api.imports.SignedImports;
import io.vitrine.api.imports.TasksHandler;
import io.vitrine.api.metadefs.MetadefRoutes;
import io.vitrine.api.progress.UploadMonitor;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.ApiTerms;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.api.status.NodeView;
import io.vitrine.api.status.StatusHandler;
import io.vitrine.api.status.StatusRoutes;
import io.vitrine.api.tickets.TicketGuard;
import io.vitrine.api.tickets.TicketRoutes;
import io.vitrine.api.tickets.TicketUseHandler;
import io.vitrine.api.tickets.TicketsHandler;
import io.vitrine.api.uploads.OpenUploadsHandler;
import io.vitrine.api.uploads.RufhHandler;
import io.vitrine.api.uploads.RufhPuts;
import io.vitrine.api.uploads.RufhRoutes;
import io.vitrine.api.uploads.UploadRoutes;
import io.vitrine.api.uploads.UploadSite;
import io.vitrine.api.uploads.UploadsHandler;
import io.vitrine.catalog.audit.AuditRecords;
import io.vitrine.catalog.events.Deliveries;
import io.vitrine.catalog.events.ProgressJournal;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.catalog.images.ImageMembers;
import io.vitrine.catalog.images.NewImages;
import io.vitrine.catalog.metadefs.DefinitionCatalog;
import io.vitrine.catalog.metadefs.NamespaceCatalog;
import io.vitrine.catalog.status.CatalogStatus;
import io.vitrine.catalog.status.ProjectUsages;
import io.vitrine.catalog.tasks.ImportKeys;
import io.vitrine.catalog.tasks.ImportRequests;
import io.vitrine.catalog.tasks.LocationRequests;
import io.vitrine.catalog.tasks.TaskCatalog;
import io.vitrine.fetch.UriRules;
import io.vitrine.observe.metrics.SampleRing;
import io.vitrine.observe.metrics.TransferMeters;
import io.vitrine.observe.metrics.UploadGauges;
import io.vitrine.settings.Build;
import io.vitrine.store.node.StoreWatch;
import io.vitrine.upkeep.cache.ImageCache;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes the handlers of the API, in groups. All event loops share them. */
final class ApiHandlers {
  private static final int OPENING_THREADS = 16;

  private final SharedParts shared;
  private final ApiRules rules;
  private final CacheRole reading;
  private final Optional<ImageCache> cache;
  private final ApiCapabilities capabilities;
  private final Pool pool;
  private final EventBus bus;
  private final ApiTerms terms;
  private final Access access;
  private final ImageCatalog catalog;
  private final ImageLocations locations;
  private final NewImages newImages;
  private final ImportRequests requests;
  private final EncryptionKeys keys;
  private final Signatures signatures;
  private final EncryptedImports encryption;
  private final ImageEdits edits;
  private final DataRemoval removal;
  private final TransferMeters meters;
  private final UploadMonitor monitor;

  /** Makes what the handlers share. */
  ApiHandlers(SharedParts shared, ApiRules rules, CacheRole reading, Optional<ImageCache> cache) {
    this.shared = shared;
    this.rules = rules;
    this.reading = reading;
    this.cache = cache;
    var config = shared.config();
    var vertx = shared.vertx();
    var outbox = shared.outbox();
    pool = shared.pool();
    bus = vertx.eventBus();
    capabilities = rules.capabilities();
    access = new Access(rules.policy(), rules.protections());
    terms = new ApiTerms(access, capabilities);
    var clock = Clock.systemUTC();
    edits = new ImageEdits(terms, clock);
    catalog = new ImageCatalog(pool, config.image().delayedDelete(), outbox);
    locations = new ImageLocations(pool, outbox);
    newImages = new NewImages(pool, shared.quotas(), shared.requestKeys(), outbox);
    requests =
        new ImportRequests(
            shared.database(), shared.quotas(), shared.requestKeys(), shared.cipher());
    var keyManager = config.signature().keyManager(vertx);
    keys = new EncryptionKeys(keyManager);
    signatures = new Signatures(config.signature().certificates(vertx, keyManager), clock);
    encryption =
        new EncryptedImports(config.importing().output(), config.importing().injected(), keys);
    meters = new TransferMeters(shared.meters());
    monitor = new UploadMonitor(vertx, new ProgressJournal(shared.upkeep("progress").pool()));
    UploadGauges.register(shared.meters(), monitor::totals);
    removal =
        new DataRemoval(new DataInUse(catalog, locations, shared.stores(), capabilities), bus);
  }

  /** The handler of events, which feeds tell. */
  EventsHandler events(Feeds feeds) {
    return new EventsHandler(catalog, access, feeds, shared.config().http().limits().idleTimeout());
  }

  /** The routes of images. */
  ImageRoutes images(EventsHandler events) {
    var outbox = shared.outbox();
    var copies = new CachedCopies(cache, bus);
    var views = new LocationViews(locations, access, capabilities);
    var stores = shared.webStores();
    var node = shared.node();
    var ofLocations =
        new LocationChanges(views, new LocationPatch(stores, capabilities.schema()), removal, node);
    return new ImageRoutes(
        new CreationHandler(newImages, edits, views),
        new ImagesHandler(
            catalog,
            views,
            new ImageChanges(catalog, ofLocations, edits, keys),
            new ImageDeletion(catalog, keys, removal, copies)),
        new ActionsHandler(catalog, access, copies),
        new TagsHandler(catalog, access, capabilities.limits(), edits.clock()),
        new MembersHandler(new ImageMembers(pool, outbox), access, capabilities),
        new LocationsHandler(
            catalog,
            views,
            new NewLocations(new LocationRequests(pool, outbox), stores, node, bus),
            keys),
        events,
        new UsageHandler(shared.quotas()));
  }

  /** The routes of image data. */
  DataRoutes data(DataReceiver uploads) {
    return new DataRoutes(
        uploads,
        new DownloadHandler(
            catalog,
            access,
            new DownloadHandler.Sources(
                locations, new DownloadOrder(capabilities, access), reading.reader(), cache),
            new DataSender(
                shared.vertx().createSharedWorkerExecutor("open-files", OPENING_THREADS),
                meters,
                new Deliveries(shared.upkeep("deliveries").pool(), shared.outbox()))),
        new StoresHandler(locations, terms, reading.watch()::state, removal),
        new CacheHandler(new CacheHandler.Caches(cache, reading.nodes(pool)), catalog, access, bus),
        new QueuedImagesHandler(cache, access));
  }

  /** Uploads by PUT, with which other requests may go on. */
  RufhPuts puts(RufhRoutes uploads) {
    return new RufhPuts(
        new UploadHandler(
            shared.journal(),
            terms,
            new DeclaredContent(signatures, keys),
            new Reception(shared.stores(), shared.journal(), meters, monitor, bus)),
        uploads.uploads());
  }

  /** The routes of uploads that take several requests. */
  UploadRoutes uploads() {
    var uploads = new UploadsHandler(site(), shared.journal(), terms);
    return new UploadRoutes(uploads, new OpenUploadsHandler(uploads, shared.uploadStates()));
  }

  /** The routes of those that a PUT has begun. */
  RufhRoutes begunUploads(UploadRoutes others) {
    return new RufhRoutes(
        new RufhHandler(others.uploads(), shared.uploadStates(), site(), capabilities),
        others.uploads());
  }

  private UploadSite site() {
    return new UploadSite(
        shared.uploads(),
        shared.uploadEndings(),
        shared.uploadParts(),
        new DeclaredContent(signatures, keys),
        shared.stores(),
        meters,
        monitor,
        bus);
  }

  /** The routes of tickets. */
  TicketRoutes tickets(DownloadHandler downloads) {
    var tickets = shared.tickets();
    return new TicketRoutes(
        new TicketsHandler(catalog, tickets, terms),
        new TicketGuard(tickets, access.policy()),
        new TicketUseHandler(
            tickets,
            access,
            downloads,
            new TicketUploadHandler(
                shared.journal(),
                capabilities,
                new DeclaredContent(signatures, keys),
                new Reception(shared.stores(), shared.journal(), meters, monitor, bus))));
  }

  /** The routes of the audit trail. */
  AuditRoutes audit() {
    return new AuditRoutes(new AuditHandler(catalog, new AuditRecords(pool), terms));
  }

  /** The routes of the status. */
  StatusRoutes status(StoreWatch watch, SampleRing samples) {
    var upkeep = shared.upkeep("status");
    var maxBytes = shared.config().cache().maxSize().bytes();
    var node =
        new NodeView(
            program(),
            new NodeView.Stores(watch::state, watch::room),
            cache.map(images -> new NodeView.Cache(images, maxBytes)),
            samples);
    return new StatusRoutes(
        new StatusHandler(
            terms,
            node,
            new CatalogStatus(upkeep.pool()),
            new ProjectUsages(upkeep.pool(), upkeep.quotas())));
  }

  private NodeView.Program program() {
    var build = Build.ofThisProgram();
    var roles =
        shared.config().roles().stream()
            .map(role -> role.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return new NodeView.Program(
        shared.node(), build.version(), build.revision(), roles, Instant.now());
  }

  /** The routes of imports. */
  ImportRoutes imports(Identity identity) {
    var config = shared.config().importing();
    var importRules = new ImportRules(terms, new UriRules(config.webDownload().rules()));
    var tasks = new TaskCatalog(pool, config.taskTtl());
    return new ImportRoutes(
        new ImportHandler(
            requests,
            new ImportPreparation(
                new SignedImports(catalog, signatures, new ImportKeys(pool)),
                encryption,
                new RegionImports(identity)),
            importRules,
            bus),
        new TasksHandler(catalog, access, shared.tasks()),
        new LegacyTasksHandler(
            tasks,
            new LegacyImports(
                new LegacyImports.Catalog(tasks, catalog, newImages, requests),
                encryption,
                importRules,
                edits),
            terms,
            bus));
  }

  /** The routes of metadata definitions. */
  MetadefRoutes metadefs() {
    return new MetadefRoutes(
        new NamespaceCatalog(pool, shared.outbox()),
        new DefinitionCatalog(pool, shared.outbox()),
        rules.policy(),
        capabilities);
  }
}
