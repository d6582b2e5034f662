package io.vitrine.app;

import static io.vitrine.app.lifecycle.Lifecycle.STEP_DEADLINE;
import static io.vitrine.app.lifecycle.Lifecycle.await;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vitrine.app.lifecycle.Lifecycle;
import io.vitrine.catalog.tasks.ImportKeys;
import io.vitrine.catalog.tasks.PgImportCheckpoints;
import io.vitrine.catalog.tasks.PgLocationResults;
import io.vitrine.catalog.tasks.PgTaskEnd;
import io.vitrine.cli.command.CommandException;
import io.vitrine.fetch.RegionImages;
import io.vitrine.importer.ImportParts;
import io.vitrine.importer.acquire.SourceRules;
import io.vitrine.importer.blob.ScratchSpace;
import io.vitrine.importer.run.RunObservers;
import io.vitrine.importer.transform.PluginSite;
import io.vitrine.observe.metrics.ImportMeters;
import java.io.IOException;
import java.nio.file.Path;

/** The verticle of a process that runs imports. */
record ImportRole(SharedParts shared, Lifecycle lifecycle) {
  void start() throws Exception {
    var config = shared.config();
    var scratch = scratch(config.importing().scratchDir());
    lifecycle.onClose("scratch directory", scratch::close);
    var meters = new ImportMeters(shared.meters());
    measureIsolation(meters);
    var vertx = shared.vertx();
    var importer =
        parts(scratch, meters)
            .worker(
                config.importing(), config.cluster().patience(), config.shutdown().importGrace());
    var worker =
        await(
            vertx.deployVerticle(
                importer,
                new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)));
    lifecycle.hurried().onSuccess(now -> importer.handBack());
    lifecycle.onClose(
        "import worker",
        () -> await(vertx.undeploy(worker), config.shutdown().importGrace().plus(STEP_DEADLINE)));
  }

  private void measureIsolation(ImportMeters meters) {
    for (var isolation : shared.config().importing().plugins().isolations()) {
      isolation
          .protections()
          .forEach((kind, holds) -> meters.isolation(isolation.engine(), kind, holds));
    }
  }

  private static ScratchSpace scratch(Path directory) throws IOException {
    try {
      return ScratchSpace.open(directory);
    } catch (IllegalStateException taken) {
      throw new CommandException(String.valueOf(taken.getMessage()), taken);
    }
  }

  private ImportParts parts(ScratchSpace scratch, ImportMeters meters) {
    var config = shared.config();
    var importing = config.importing();
    var vertx = shared.vertx();
    var limits = shared.config().image().limits();
    return new ImportParts(
        vertx,
        // Outside a verticle, this creates an event-loop context.
        vertx.getOrCreateContext(),
        catalog(),
        shared.stores().impatient(config.cluster().heartbeat().timeout()),
        new ImportKeys(shared.pool())::find,
        shared.fetcher(),
        shared.webStores(),
        regionImages(vertx),
        new SourceRules(importing.glanceDownload().extraProperties(), limits),
        importing
            .plugins()
            .open(new PluginSite(vertx, config.image().formatRules(), limits, scratch)),
        scratch,
        new RunObservers(meters, shared.traces()),
        config.image().sizeCap().bytes(),
        config.image().doSecureHash(),
        new ImportParts.Bounds(
            importing.webDownload().maxAttempts(), importing.maxParallelStores()));
  }

  private RegionImages regionImages(Vertx vertx) {
    var importing = shared.config().importing();
    var downloads = importing.webDownload();
    return new RegionImages(
        vertx,
        importing.glanceDownload().caFile(),
        downloads.resumption(),
        new RegionImages.Timeouts(downloads.connectTimeout(), downloads.readTimeout()));
  }

  private ImportParts.Catalog catalog() {
    var pool = shared.pool();
    var tasks = shared.tasks();
    var journal = shared.journal();
    var outbox = shared.outbox();
    return new ImportParts.Catalog(
        tasks,
        journal,
        new PgImportCheckpoints(pool, tasks, journal, outbox),
        new PgLocationResults(pool, tasks, outbox),
        new PgTaskEnd(pool, tasks, outbox));
  }
}
