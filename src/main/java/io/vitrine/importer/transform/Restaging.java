package io.vitrine.importer.transform;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.blobs.BlobPlan;
import io.vitrine.catalog.tasks.PluginProgress;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.problem.Problem;
import io.vitrine.importer.acquire.Steps;
import io.vitrine.importer.job.Job;
import io.vitrine.importer.job.StepMeter;
import io.vitrine.transfer.stream.BlobSink;
import io.vitrine.transfer.stream.StoreClient;
import java.util.Optional;

/** Replaces staged data, as a checkpoint of its task. */
public final class Restaging {
  private final Vertx vertx;
  private final BlobJournal journal;
  private final Steps steps;
  private final StoreClient stores;
  private final PluginProgress progress;
  private final String node;
  private final long maxBytes;

  /**
   * Replaces data in the staging store of a node.
   *
   * @param maxBytes limit on the result of a plugin
   */
  public Restaging(
      Vertx vertx,
      BlobJournal journal,
      Steps steps,
      StoreClient stores,
      PluginProgress progress,
      String node,
      long maxBytes) {
    this.vertx = vertx;
    this.journal = journal;
    this.steps = steps;
    this.stores = stores;
    this.progress = progress;
    this.node = node;
    this.maxBytes = maxBytes;
  }

  /** Receives the new data. */
  @FunctionalInterface
  interface Output {
    /** Writes a piece; blocks while the store is busy, and fails when the store has failed. */
    void accept(byte[] piece) throws InterruptedException;
  }

  /** Produces the new data. */
  interface Maker {
    /** Produces all of it. Blocks, on a thread of its own. */
    void make(Output output) throws InterruptedException;

    /** The progress. */
    StepMeter meter();

    /** Makes {@link #make} fail soon, for this reason. */
    void stop(Problem reason);
  }

  /** Replaces the staged data by a plugin's result, made from a file that must be intact. */
  StoredBlob replace(Job job, String plugin, WholeFile source, Maker maker) {
    var plan = BlobPlan.staging(node, Optional.empty());
    var blob = journal.beginForImport(job.task().image(), plan).await();
    return steps.orAbandon(
        blob,
        () -> {
          var stored = source.read(() -> write(job, blob, maker)).toBlob();
          progress.replaced(job.task(), plugin, stored).await();
          return stored;
        });
  }

  private Steps.Stored write(Job job, BlobRef blob, Maker maker) {
    var sink = stores.write(blob, maxBytes, Optional.empty(), Optional.empty()).await();
    try {
      job.begin(maker.meter(), () -> stop(maker, sink));
      run(maker, new SinkFeed(vertx.getOrCreateContext(), sink));
      sink.end().await();
      return new Steps.Stored(blob, sink.written().await());
    } catch (Throwable failure) {
      sink.abort();
      throw failure;
    }
  }

  private static void stop(Maker maker, BlobSink sink) {
    maker.stop(new Problem.Interrupted("The import was given up."));
    sink.abort();
  }

  private static void run(Maker maker, Output output) {
    var done = Promise.<Void>promise();
    Thread.ofPlatform()
        .name("vitrine-plugin")
        .daemon()
        .start(
            () -> {
              try {
                maker.make(output);
                done.complete();
              } catch (InterruptedException | RuntimeException | Error failure) {
                done.fail(failure);
              }
            });
    done.future().await();
  }
}
