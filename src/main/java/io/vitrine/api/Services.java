package io.vitrine.api;

import io.vitrine.access.identity.Identity;
import io.vitrine.access.policy.Policy;
import io.vitrine.access.policy.PropertyProtections;
import io.vitrine.access.signature.EncryptionKeys;
import io.vitrine.access.signature.Signatures;
import io.vitrine.api.filter.ApiSettings;
import io.vitrine.api.images.EventFeed;
import io.vitrine.api.schema.ApiOffer;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.events.Deliveries;
import io.vitrine.catalog.images.CacheNodes;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.catalog.images.ImageMembers;
import io.vitrine.catalog.images.NewImages;
import io.vitrine.catalog.images.Quotas;
import io.vitrine.catalog.metadefs.DefinitionCatalog;
import io.vitrine.catalog.metadefs.NamespaceCatalog;
import io.vitrine.catalog.tasks.ImportKeys;
import io.vitrine.catalog.tasks.ImportRequests;
import io.vitrine.catalog.tasks.LocationRequests;
import io.vitrine.catalog.tasks.TaskCatalog;
import io.vitrine.catalog.tasks.TaskQueue;
import io.vitrine.fetch.UriRules;
import io.vitrine.fetch.WebStores;
import io.vitrine.image.InjectedProperties;
import io.vitrine.image.location.StoreState;
import io.vitrine.image.task.OutputFormat;
import io.vitrine.observe.metrics.RequestMeters;
import io.vitrine.observe.metrics.TransferMeters;
import io.vitrine.observe.trace.Traces;
import io.vitrine.transfer.stream.LocationReader;
import io.vitrine.transfer.stream.StoreClient;
import io.vitrine.upkeep.cache.ImageCache;
import java.util.Optional;
import java.util.function.Function;

/**
 * The services that the API calls.
 *
 * @param node the node whose stores take new data
 */
public record Services(
    Images images,
    Imports imports,
    Definitions definitions,
    Callers callers,
    Transfers transfers,
    ApiOffer offer,
    ApiSettings settings,
    Watching watching,
    String node) {
  /** Image metadata, members, locations and quotas. */
  public record Images(
      ImageCatalog catalog,
      NewImages creation,
      ImageLocations locations,
      LocationRequests locationRequests,
      ImageMembers members,
      EncryptionKeys keys,
      Quotas quotas,
      EventFeed events) {}

  /**
   * Imports, and the rules for the sources they read from.
   *
   * @param output the disk format that imports convert images to; empty if they do not convert
   * @param injected the properties that imports inject into images
   */
  public record Imports(
      ImportRequests requests,
      ImportKeys keys,
      TaskQueue queue,
      TaskCatalog tasks,
      UriRules uris,
      Optional<OutputFormat> output,
      InjectedProperties injected) {}

  /** Metadata definitions. */
  public record Definitions(NamespaceCatalog namespaces, DefinitionCatalog members) {}

  /** The observers of requests: meters and traces. */
  public record Watching(RequestMeters meters, Traces traces) {}

  /** Authentication and authorisation of callers. */
  public record Callers(Identity identity, Policy policy, PropertyProtections protections) {}

  /**
   * The components that move image data.
   *
   * @param states what the node knows of a store, by the store's id
   * @param cacheNodes the index of other nodes' caches; empty if nodes do not share one
   */
  public record Transfers(
      BlobJournal journal,
      StoreClient stores,
      Function<String, StoreState> states,
      WebStores webStores,
      LocationReader reader,
      Optional<ImageCache> cache,
      Optional<CacheNodes> cacheNodes,
      Signatures signatures,
      Deliveries deliveries,
      TransferMeters meters) {}
}
