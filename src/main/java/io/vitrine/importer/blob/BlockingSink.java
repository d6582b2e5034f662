package io.vitrine.importer.blob;

import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.transfer.stream.BlobSink;

/** Lets a blocking thread write to a sink that is confined to a context. */
public final class BlockingSink {
  private final Context context;
  private final BlobSink sink;

  /** Completes when there is room for the next piece; confined to the context. */
  private Promise<Void> waiting = Promise.promise();

  /** Writes to a sink of the context. */
  public BlockingSink(Context context, BlobSink sink) {
    this.context = context;
    this.sink = sink;
    sink.drainHandler(drained -> waiting.tryComplete());
    sink.written().onFailure(broken -> waiting.tryFail(broken));
  }

  /** Writes a piece; blocks while the store is busy, and fails when the store has failed. */
  public void write(Buffer piece) throws InterruptedException {
    var taken = Promise.<Void>promise();
    context.runOnContext(later -> write(piece, taken));
    taken.future().recover(broken -> Future.failedFuture(toProblem(broken))).await();
  }

  private static ProblemException toProblem(Throwable broken) {
    return broken instanceof ProblemException expected
        ? expected
        : unavailable("The store is not accepting data.");
  }

  private void write(Buffer piece, Promise<Void> taken) {
    if (sink.written().isComplete()) {
      taken.tryFail(sink.written().cause());
      return;
    }
    sink.write(piece);
    // Wait only after writing: the store signals room for every chunk, and a signal for earlier
    // chunks must not end the wait for this one, or the end of the data could overtake it.
    if (sink.writeQueueFull()) {
      waiting = taken;
    } else {
      taken.tryComplete();
    }
  }
}
