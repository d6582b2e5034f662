package io.vitrine.api;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.EventBus;
import io.vitrine.api.data.CacheHandler;
import io.vitrine.api.data.CachedCopies;
import io.vitrine.api.data.DataInUse;
import io.vitrine.api.data.DownloadHandler;
import io.vitrine.api.data.DownloadOrder;
import io.vitrine.api.data.QueuedImagesHandler;
import io.vitrine.api.data.StoresHandler;
import io.vitrine.api.data.UploadHandler;
import io.vitrine.api.filter.ApiSettings;
import io.vitrine.api.images.ActionsHandler;
import io.vitrine.api.images.EventsHandler;
import io.vitrine.api.images.ImagesHandler;
import io.vitrine.api.images.LocationPatch;
import io.vitrine.api.images.LocationViews;
import io.vitrine.api.images.LocationsHandler;
import io.vitrine.api.images.MembersHandler;
import io.vitrine.api.images.TagsHandler;
import io.vitrine.api.images.UsageHandler;
import io.vitrine.api.imports.EncryptedImports;
import io.vitrine.api.imports.ImportHandler;
import io.vitrine.api.imports.LegacyTasksHandler;
import io.vitrine.api.imports.RegionImports;
import io.vitrine.api.imports.SignedImports;
import io.vitrine.api.imports.TasksHandler;
import io.vitrine.api.metadefs.MetadefRoutes;
import io.vitrine.api.request.Access;
import io.vitrine.api.schema.ApiOffer;
import java.time.Clock;

/** The handlers of the API, one for each subject. */
record Handlers(
    ImagesHandler images,
    TagsHandler tags,
    ActionsHandler actions,
    MembersHandler members,
    UploadHandler uploads,
    DownloadHandler downloads,
    ImportHandler imports,
    TasksHandler tasks,
    EventsHandler events,
    LegacyTasksHandler legacyTasks,
    StoresHandler stores,
    LocationsHandler locations,
    CacheHandler cache,
    QueuedImagesHandler queuedImages,
    DiscoveryHandler discovery,
    UsageHandler usage,
    MetadefRoutes metadefs,
    OpenApi document) {

  static Handlers over(Services services, Vertx vertx) {
    return new Assembly(services, vertx).handlers();
  }

  /** Builds the handlers from the services. */
  private static final class Assembly {
    private static final int OPENING_THREADS = 16;

    private final EventBus bus;
    private final WorkerExecutor openings;
    private final Clock clock = Clock.systemUTC();
    private final Services.Images images;
    private final Services.Imports imports;
    private final Services.Transfers transfers;
    private final Services.Callers callers;
    private final Services.Definitions definitions;
    private final ApiOffer offer;
    private final ApiSettings settings;
    private final String node;
    private final Access access;
    private final LocationViews views;
    private final LocationsHandler locations;
    private final DataInUse dataInUse;
    private final CachedCopies copies;

    Assembly(Services services, Vertx vertx) {
      bus = vertx.eventBus();
      openings = vertx.createSharedWorkerExecutor("open-files", OPENING_THREADS);
      images = services.images();
      imports = services.imports();
      transfers = services.transfers();
      callers = services.callers();
      definitions = services.definitions();
      offer = services.offer();
      settings = services.settings();
      node = services.node();
      copies = new CachedCopies(transfers.cache(), bus);
      access = new Access(callers.policy(), callers.protections());
      dataInUse = new DataInUse(images.catalog(), images.locations(), transfers.stores(), offer);
      views = new LocationViews(images.locations(), access, offer);
      locations =
          new LocationsHandler(
              images.catalog(),
              images.locationRequests(),
              views,
              new LocationPatch(transfers.webStores(), offer.schema()),
              images.keys(),
              dataInUse,
              bus,
              node);
    }

    Handlers handlers() {
      return new Handlers(
          images(),
          new TagsHandler(images.catalog(), access, offer.limits(), clock),
          new ActionsHandler(images.catalog(), access, copies),
          new MembersHandler(images.members(), access, offer),
          uploads(),
          downloads(),
          imports(),
          new TasksHandler(images.catalog(), access, imports.queue()),
          new EventsHandler(images.catalog(), access, images.events(), settings.bodyTimeout()),
          legacyTasks(),
          new StoresHandler(images.locations(), access, offer, transfers.states(), dataInUse, bus),
          locations,
          new CacheHandler(
              transfers.cache(), transfers.cacheNodes(), images.catalog(), access, bus),
          new QueuedImagesHandler(transfers.cache(), access),
          new DiscoveryHandler(offer),
          new UsageHandler(images.quotas()),
          new MetadefRoutes(
              definitions.namespaces(), definitions.members(), callers.policy(), offer),
          new OpenApi(offer.schema()));
    }

    private ImagesHandler images() {
      return new ImagesHandler(
          images.catalog(),
          images.creation(),
          views,
          locations,
          access,
          offer,
          images.keys(),
          dataInUse,
          copies,
          bus,
          clock);
    }

    private UploadHandler uploads() {
      return new UploadHandler(
          transfers.journal(),
          access,
          transfers.stores(),
          transfers.signatures(),
          images.keys(),
          offer,
          node,
          transfers.meters(),
          bus);
    }

    private DownloadHandler downloads() {
      return new DownloadHandler(
          images.catalog(),
          access,
          images.locations(),
          new DownloadOrder(offer, access),
          transfers.reader(),
          transfers.cache(),
          openings,
          transfers.meters(),
          transfers.deliveries());
    }

    private ImportHandler imports() {
      return new ImportHandler(
          imports.requests(),
          new SignedImports(images.catalog(), transfers.signatures(), imports.keys()),
          new EncryptedImports(imports.output(), imports.injected(), images.keys()),
          new RegionImports(callers.identity()),
          access,
          offer,
          imports.uris(),
          bus);
    }

    private LegacyTasksHandler legacyTasks() {
      return new LegacyTasksHandler(
          imports.tasks(),
          images.catalog(),
          images.creation(),
          imports.requests(),
          new EncryptedImports(imports.output(), imports.injected(), images.keys()),
          access,
          offer,
          imports.uris(),
          bus,
          clock);
    }
  }
}
