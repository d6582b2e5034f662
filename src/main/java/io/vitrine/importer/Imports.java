package io.vitrine.importer;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.tasks.ImportKeys;
import io.vitrine.catalog.tasks.ImportProgress;
import io.vitrine.catalog.tasks.PluginProgress;
import io.vitrine.catalog.tasks.TaskQueue;
import io.vitrine.fetch.Fetcher;
import io.vitrine.fetch.RegionImages;
import io.vitrine.fetch.WebStores;
import io.vitrine.importer.acquire.LocationCheck;
import io.vitrine.importer.acquire.RegionDownload;
import io.vitrine.importer.acquire.SourceRules;
import io.vitrine.importer.acquire.Steps;
import io.vitrine.importer.transform.ImportPlugin;
import io.vitrine.importer.transform.Plugins;
import io.vitrine.importer.transform.Restaging;
import io.vitrine.importer.transform.ScratchSpace;
import io.vitrine.observe.metrics.ImportMeters;
import io.vitrine.observe.trace.Traces;
import io.vitrine.transfer.stream.StoreClient;
import java.util.List;

/**
 * The collaborators of import workers.
 *
 * @param isLocationHashed whether data at URLs of other servers is hashed
 * @param plugins in the order of their application
 */
public record Imports(
    TaskQueue queue,
    ImportProgress progress,
    BlobJournal journal,
    ImportKeys keys,
    StoreClient stores,
    Fetcher fetcher,
    WebStores webStores,
    RegionImages regions,
    SourceRules sourceRules,
    List<ImportPlugin> plugins,
    PluginProgress pluginProgress,
    ScratchSpace scratch,
    ImportMeters meters,
    Traces traces,
    String node,
    long sizeCapBytes,
    boolean isLocationHashed,
    Bounds bounds) {
  /** Copies the list. */
  public Imports {
    plugins = List.copyOf(plugins);
  }

  /**
   * Bounds of retries and concurrency.
   *
   * @param downloadAttempts attempts of a download that breaks
   * @param parallelStores how many stores of an image are written to concurrently
   */
  public record Bounds(int downloadAttempts, int parallelStores) {}

  /**
   * Creates a worker.
   *
   * @param loop the event loop for downloads
   */
  public ImportVerticle worker(Vertx vertx, Context loop, ImportVerticle.Settings settings) {
    var steps =
        new Steps(vertx, loop, journal, keys, stores, fetcher, webStores, node, sizeCapBytes);
    var restaging =
        new Restaging(vertx, journal, steps, stores, pluginProgress, node, sizeCapBytes);
    var check = new LocationCheck(vertx, loop, webStores, progress, sizeCapBytes, isLocationHashed);
    var importing =
        new Importing(
            vertx,
            steps,
            check,
            new RegionDownload(loop, regions, sourceRules, steps),
            progress,
            new Plugins(plugins, steps, restaging, scratch),
            scratch,
            bounds);
    return new ImportVerticle(queue, progress, importing, meters, traces, settings);
  }
}
