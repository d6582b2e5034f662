package io.vitrine.api.uploads;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vitrine.catalog.blobs.Upload;
import io.vitrine.image.problem.Problem;
import io.vitrine.net.stream.SizedStream;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.bus.ProblemCodec;
import io.vitrine.transfer.stream.BlobSink;
import io.vitrine.transfer.stream.BlobSource;
import io.vitrine.transfer.stream.FileStream;
import io.vitrine.transfer.stream.StoreClient;
import java.util.List;
import java.util.Optional;

/**
 * Sends the data of complete parts to the blob that joins them, one part after the other. The parts
 * stay in their stores.
 */
record PartSender(StoreClient stores, Vertx vertx, BlobSink sink) {
  /** How long to wait for a process that has lost the lease of a part to notice it. */
  private static final int ATTEMPTS = 10;

  private static final long PAUSE_MILLIS = 500;

  /** A turn like any but the first, as there are none after it. */
  private static final long LAST_TURN = Long.MAX_VALUE;

  /** Sends all and ends the blob; answers what the store has found in the data. */
  Future<Message.Written> send(List<Upload> parts) {
    Future<Void> all = Future.succeededFuture();
    for (var part : parts) {
      all = all.compose(done -> part.received() == 0 ? Future.succeededFuture() : send(part));
    }
    return all.compose(sent -> sink.end())
        .compose(ended -> sink.written())
        .onFailure(failure -> sink.abort());
  }

  private Future<Void> send(Upload part) {
    return complete(part, ATTEMPTS)
        .compose(done -> stores.read(part.blob(), part.length(), Optional.empty()))
        .compose(this::open)
        .compose(this::pipe);
  }

  /** Ends the part in its store, so that its data can be read; may be repeated. */
  private Future<Void> complete(Upload part, int attempts) {
    var constraints = new Message.Constraints(part.received(), part.length(), List.of());
    var resumption =
        new Message.Resumption(
            LAST_TURN, part.received(), Optional.empty(), Message.TurnKind.PART_END);
    return stores
        .resume(part.blob(), constraints, Optional.empty(), resumption)
        .compose(opened -> opened.end())
        .recover(
            failure ->
                attempts > 1 && ProblemCodec.toProblem(failure) instanceof Problem.Locked
                    ? vertx
                        .timer(PAUSE_MILLIS, MILLISECONDS)
                        .compose(over -> complete(part, attempts - 1))
                    : Future.failedFuture(failure));
  }

  private Future<SizedStream> open(BlobSource source) {
    return switch (source) {
      case BlobSource.InFile file -> FileStream.open(vertx, file);
      case BlobSource.InStream(var stream) -> Future.succeededFuture(stream);
      case BlobSource.OnWeb web -> throw new IllegalStateException("parts are in our stores");
    };
  }

  private Future<Void> pipe(SizedStream data) {
    return sink.take(data.pipe().endOnComplete(false)).onComplete(done -> data.abort());
  }
}
