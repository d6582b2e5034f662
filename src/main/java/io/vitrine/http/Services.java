package io.vitrine.http;

import io.vitrine.cache.ImageCache;
import io.vitrine.catalog.BlobJournal;
import io.vitrine.catalog.CacheNodes;
import io.vitrine.catalog.DefinitionCatalog;
import io.vitrine.catalog.Deliveries;
import io.vitrine.catalog.ImageCatalog;
import io.vitrine.catalog.ImageLocations;
import io.vitrine.catalog.ImageMembers;
import io.vitrine.catalog.ImportKeys;
import io.vitrine.catalog.ImportRequests;
import io.vitrine.catalog.LocationRequests;
import io.vitrine.catalog.NamespaceCatalog;
import io.vitrine.catalog.NewImages;
import io.vitrine.catalog.Quotas;
import io.vitrine.catalog.TaskCatalog;
import io.vitrine.catalog.TaskQueue;
import io.vitrine.fetch.UriRules;
import io.vitrine.fetch.WebStores;
import io.vitrine.identity.Identity;
import io.vitrine.image.ConversionTarget;
import io.vitrine.image.InjectedProperties;
import io.vitrine.image.StoreState;
import io.vitrine.policy.Policy;
import io.vitrine.policy.PropertyProtections;
import io.vitrine.signature.EncryptionKeys;
import io.vitrine.signature.Signatures;
import io.vitrine.stream.LocationReader;
import io.vitrine.stream.StoreClient;
import io.vitrine.telemetry.RequestMeters;
import io.vitrine.telemetry.TransferMeters;
import io.vitrine.trace.Traces;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the API is made of.
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
  /** Images, what belongs to them, and what they may take. */
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
   * Imports and what they may read.
   *
   * @param target what they convert images to, if they do
   * @param injected what they give to images
   */
  public record Imports(
      ImportRequests requests,
      ImportKeys keys,
      TaskQueue queue,
      TaskCatalog tasks,
      UriRules uris,
      Optional<ConversionTarget> target,
      InjectedProperties injected) {}

  /** Metadata definitions. */
  public record Definitions(NamespaceCatalog namespaces, DefinitionCatalog members) {}

  /** Who is told of requests: how long they take, and what they lead to. */
  public record Watching(RequestMeters meters, Traces traces) {}

  /** Who callers are, and what they may do. */
  public record Callers(Identity identity, Policy policy, PropertyProtections protections) {}

  /**
   * The ways of data.
   *
   * @param states what is known of the stores by their ids
   * @param cacheNodes what other nodes have cached, if they tell
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
