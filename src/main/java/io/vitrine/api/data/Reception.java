package io.vitrine.api.data;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vitrine.api.progress.UploadMonitor;
import io.vitrine.api.request.RequestBody;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.observe.metrics.TransferMeters;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSink;
import io.vitrine.transfer.stream.StoreClient;
import java.util.Optional;

/** Receives data from clients into the stores of this node. */
public record Reception(
    StoreClient stores,
    BlobJournal journal,
    TransferMeters meters,
    UploadMonitor monitor,
    EventBus bus) {
  /** The node whose stores receive the data. */
  String node() {
    return stores.node();
  }

  /**
   * The data of a request.
   *
   * @param declared what the client says of it
   * @param maxBytes the most that is accepted
   */
  record Incoming(RequestBody body, StoreClient.Expected declared, long maxBytes) {}

  /** Records that a blob is complete. */
  @FunctionalInterface
  interface Commit {
    /** Commits the blob to the catalog. */
    Future<Void> run(BlobJournal.Begun begun, Message.Written written);
  }

  /** Writes the data to a blob and commits it; gives the blob up if either fails. */
  Future<Void> receive(
      Incoming incoming,
      BlobJournal.Begun begun,
      Future<Optional<Message.Content>> content,
      Commit commit) {
    var upload = meters.upload();
    long most = Math.min(incoming.maxBytes, begun.roomBytes());
    return content
        .compose(known -> stores.write(begun.blob(), most, incoming.declared, known))
        .compose(sink -> send(incoming, begun, sink))
        .compose(
            written ->
                commit.run(begun, written).onSuccess(done -> upload.succeeded(written.sizeBytes())))
        .recover(
            failure -> {
              upload.failed();
              return giveUp(begun, failure);
            });
  }

  private Future<Message.Written> send(Incoming incoming, BlobJournal.Begun begun, BlobSink sink) {
    var end = monitor.watch(begun.blob(), incoming.declared.bytes(), sink::takenBytes);
    return incoming
        .body
        .to(sink)
        .compose(sent -> sink.written())
        .onFailure(failure -> sink.abort())
        .onComplete(done -> end.run());
  }

  private Future<Void> giveUp(BlobJournal.Begun begun, Throwable failure) {
    return journal
        .abort(begun.blob())
        .onSuccess(given -> bus.publish(Addresses.GARBAGE_WAKE, ""))
        .transform(given -> Future.failedFuture(failure));
  }
}
