package io.vitrine.importer.transform;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vitrine.catalog.blobs.BlobPlan;
import io.vitrine.catalog.tasks.ImportCheckpoints;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.blob.BlobWrites;
import io.vitrine.importer.blob.BlockingSink;
import io.vitrine.importer.blob.UncommittedBlob;
import io.vitrine.importer.blob.VerifiedFile;
import io.vitrine.importer.run.StepMeter;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.transfer.stream.BlobSink;
import java.util.Optional;

/** Replaces staged data, as a checkpoint of its task. */
public final class StagingWriter {
  private final Vertx vertx;
  private final BlobWrites writes;
  private final ImportCheckpoints checkpoints;

  /** Replaces data in the staging store of a node. */
  public StagingWriter(Vertx vertx, BlobWrites writes, ImportCheckpoints checkpoints) {
    this.vertx = vertx;
    this.writes = writes;
    this.checkpoints = checkpoints;
  }

  /** Writes blobs that do not replace staged data. */
  public BlobWrites writes() {
    return writes;
  }

  /** Receives the new data. */
  @FunctionalInterface
  public interface Output {
    /** Writes a piece; blocks while the store is busy, and fails when the store has failed. */
    void accept(byte[] piece) throws InterruptedException;
  }

  /** Produces the new data. */
  public interface Producer {
    /** Produces all of it. Blocks, on a thread of its own. */
    void produce(Output output) throws InterruptedException;

    /** The progress. */
    StepMeter meter();

    /** Makes {@link #produce} fail soon, for this reason. */
    void stop(Problem reason);
  }

  /** Replaces the staged data by a plugin's result, made from a file that must be intact. */
  public StoredBlob replace(
      TaskRun<ImportTask> run, String plugin, VerifiedFile source, Producer producer) {
    var blob = writes.begin(run, BlobPlan.staging(writes.node(), Optional.empty()));
    return writes.orAbandon(
        blob,
        () -> {
          var stored = source.read(() -> write(run, blob, producer)).toStored();
          checkpoints.replaced(run.task(), plugin, stored).await();
          return stored;
        });
  }

  private UncommittedBlob write(TaskRun<?> run, BlobRef blob, Producer producer) {
    var sink = writes.open(blob, Optional.empty(), Optional.empty());
    try {
      run.begin(producer.meter(), () -> stop(producer, sink));
      var output = new BlockingSink(vertx.getOrCreateContext(), sink);
      run(producer, piece -> output.write(Buffer.buffer(piece)));
      sink.end().await();
      return new UncommittedBlob(blob, sink.written().await());
    } catch (Throwable failure) {
      sink.abort();
      throw failure;
    }
  }

  private static void stop(Producer producer, BlobSink sink) {
    producer.stop(new Problem.Interrupted("The import was cancelled."));
    sink.abort();
  }

  private static void run(Producer producer, Output output) {
    var done = Promise.<Void>promise();
    Thread.ofPlatform()
        .name("vitrine-plugin")
        .daemon()
        .start(
            () -> {
              try {
                producer.produce(output);
                done.complete();
              } catch (InterruptedException | RuntimeException | Error failure) {
                done.fail(failure);
              }
            });
    done.future().await();
  }
}
