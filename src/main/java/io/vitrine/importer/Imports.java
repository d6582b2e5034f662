package io.vitrine.importer;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vitrine.catalog.BlobJournal;
import io.vitrine.catalog.ImportKeys;
import io.vitrine.catalog.ImportProgress;
import io.vitrine.catalog.TaskQueue;
import io.vitrine.fetch.Fetcher;
import io.vitrine.fetch.RegionImages;
import io.vitrine.inspect.FormatRules;
import io.vitrine.stream.StoreClient;
import io.vitrine.telemetry.ImportMeters;
import java.util.Optional;

/**
 * What import workers are made of.
 *
 * @param isLocationHashed whether data that stays on a server of others is hashed
 * @param outputFormat what images are converted to, if they are
 */
public record Imports(
    TaskQueue queue,
    ImportProgress progress,
    BlobJournal journal,
    ImportKeys keys,
    StoreClient stores,
    Fetcher fetcher,
    RegionImages regions,
    SourceRules sourceRules,
    QemuImg qemuImg,
    FormatRules rules,
    ScratchSpace scratch,
    ImportMeters meters,
    String node,
    long sizeCapBytes,
    boolean isLocationHashed,
    Optional<String> outputFormat,
    Bounds bounds) {

  /**
   * How much is tried.
   *
   * @param downloadAttempts of a download that breaks off
   * @param parallelStores how many stores of an image are written to at the same time
   */
  public record Bounds(int downloadAttempts, int parallelStores) {}

  /**
   * A worker.
   *
   * @param loop an event loop for downloads
   */
  public ImportVerticle worker(Vertx vertx, Context loop, ImportVerticle.Settings settings) {
    var steps =
        new Steps(vertx, loop, journal, keys, stores, fetcher, qemuImg, rules, node, sizeCapBytes);
    var check = new LocationCheck(vertx, loop, fetcher, progress, sizeCapBytes, isLocationHashed);
    var importing =
        new Importing(
            vertx,
            steps,
            check,
            new RegionDownload(loop, regions, sourceRules, steps),
            stores,
            progress,
            qemuImg,
            scratch,
            outputFormat,
            bounds);
    return new ImportVerticle(queue, progress, importing, meters, settings);
  }
}
