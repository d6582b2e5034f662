package io.vitrine.importer;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import io.vitrine.stream.BlobSink;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Lets a thread that blocks write to a sink, which belongs to a context. */
final class SinkFeed implements Restaging.Output {
  private final Context context;
  private final BlobSink sink;
  private volatile CompletableFuture<@Nullable Void> turn = CompletableFuture.completedFuture(null);

  SinkFeed(Context context, BlobSink sink) {
    this.context = context;
    this.sink = sink;
    sink.drainHandler(drained -> turn.complete(null));
    sink.written().onFailure(broken -> turn.completeExceptionally(broken));
  }

  @Override
  public void accept(byte[] piece) throws InterruptedException {
    var mine = new CompletableFuture<@Nullable Void>();
    turn = mine;
    context.runOnContext(later -> write(piece, mine));
    try {
      mine.get();
    } catch (ExecutionException broken) {
      throw broken.getCause() instanceof ProblemException expected
          ? expected
          : new ProblemException(new Problem.Unavailable("The staging area takes no data now."));
    }
  }

  private void write(byte[] piece, CompletableFuture<@Nullable Void> taken) {
    if (sink.written().isComplete()) {
      taken.completeExceptionally(sink.written().cause());
      return;
    }
    sink.write(Buffer.buffer(piece));
    if (!sink.writeQueueFull()) {
      taken.complete(null);
    }
  }
}
