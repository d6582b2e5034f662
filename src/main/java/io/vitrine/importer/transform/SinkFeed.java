package io.vitrine.importer.transform;

import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vitrine.image.problem.Causes;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.transfer.stream.BlobSink;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Lets a blocking thread write to a sink that is confined to a context. */
final class SinkFeed implements Restaging.Output {
  private final Context context;
  private final BlobSink sink;

  /** Completes when there is room for the next piece; confined to the context. */
  private CompletableFuture<@Nullable Void> waiting = CompletableFuture.completedFuture(null);

  SinkFeed(Context context, BlobSink sink) {
    this.context = context;
    this.sink = sink;
    sink.drainHandler(drained -> waiting.complete(null));
    sink.written().onFailure(broken -> waiting.completeExceptionally(broken));
  }

  @Override
  public void accept(byte[] piece) throws InterruptedException {
    var taken = new CompletableFuture<@Nullable Void>();
    context.runOnContext(later -> write(piece, taken));
    try {
      taken.get();
    } catch (ExecutionException broken) {
      throw Causes.bare(broken) instanceof ProblemException expected
          ? expected
          : unavailable("The staging area takes no data now.");
    }
  }

  private void write(byte[] piece, CompletableFuture<@Nullable Void> taken) {
    if (sink.written().isComplete()) {
      taken.completeExceptionally(sink.written().cause());
      return;
    }
    sink.write(Buffer.buffer(piece));
    // // Wait only after writing: the store signals room for every chunk, and a signal for earlier
    // chunks must not end the wait for this one, or the end of the data could overtake it.
    if (sink.writeQueueFull()) {
      waiting = taken;
    } else {
      taken.complete(null);
    }
  }
}
