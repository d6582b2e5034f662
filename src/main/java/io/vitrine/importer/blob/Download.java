package io.vitrine.importer.blob;

import static io.vitrine.image.problem.ProblemException.interrupted;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vitrine.fetch.ResumingBody;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.HashClaim;
import io.vitrine.importer.run.SourceFailure;
import io.vitrine.importer.run.Step;
import io.vitrine.importer.run.StepMeter;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSink;
import io.vitrine.transfer.stream.StoreClient;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A transfer from another server into a blob, on an event loop. On the worker's virtual threads the
 * end of a connection was observed to overtake its last data.
 */
public final class Download {
  private final Context loop;
  private final StoreClient stores;
  private final Order order;
  private final Promise<Message.Written> done = Promise.promise();
  private volatile OptionalLong totalBytes = OptionalLong.empty();
  private volatile @Nullable BlobSink sink;

  private Download(Context loop, StoreClient stores, Order order) {
    this.loop = loop;
    this.stores = stores;
    this.order = order;
  }

  /**
   * How to start the transfer, and how to store the data.
   *
   * @param follower reads the data while it arrives, if the store writes a file that can be read;
   *     called on the event loop before the first byte is sent to the store
   */
  public record Order(
      Supplier<Future<ResumingBody>> source,
      BlobRef blob,
      Optional<Message.Content> content,
      long maxBytes,
      List<HashClaim> claims,
      Optional<Consumer<ArrivingBytes>> follower) {
    /** Copies the list. */
    public Order {
      claims = List.copyOf(claims);
    }

    /** Nobody reads the data before all of it is there. */
    public Order(
        Supplier<Future<ResumingBody>> source,
        BlobRef blob,
        Optional<Message.Content> content,
        long maxBytes,
        List<HashClaim> claims) {
      this(source, blob, content, maxBytes, claims, Optional.empty());
    }
  }

  /** Starts the transfer. */
  static Download start(Context loop, StoreClient stores, Order order) {
    var download = new Download(loop, stores, order);
    loop.runOnContext(
        begin ->
            order
                .source()
                .get()
                .recover(failure -> Future.failedFuture(SourceFailure.ofSource(failure)))
                .compose(download::store)
                .onSuccess(download.done::tryComplete)
                .onFailure(download.done::tryFail));
    return download;
  }

  /** The durable blob; fails with the reason of the server, the store, or the canceller. */
  Future<Message.Written> done() {
    return done.future();
  }

  /** The progress of the transfer. */
  StepMeter meter() {
    boolean isFinal = order.blob().purpose() == BlobRef.Purpose.IMAGE;
    var step = isFinal ? Step.Simple.STORING : Step.Simple.DOWNLOADING;
    var meter = StepMeter.of(step, this::sentBytes, () -> totalBytes);
    return isFinal ? meter.in(order.blob().store()) : meter;
  }

  private long sentBytes() {
    var current = sink;
    return current == null ? 0 : current.sentBytes();
  }

  /** Stops the transfer and removes what has been written. */
  void cancel() {
    loop.runOnContext(
        later -> {
          done.tryFail(interrupted("The download was cancelled."));
          if (sink != null) {
            sink.abort();
          }
        });
  }

  /** A failure that the store did not cause is the source's. */
  private static Throwable blame(BlobSink sink, Throwable failure) {
    return sink.written().failed() ? failure : SourceFailure.ofSource(failure);
  }

  private Future<Message.Written> store(ResumingBody body) {
    totalBytes = body.totalBytes();
    var expected =
        totalBytes.isPresent() ? Optional.of(totalBytes.getAsLong()) : Optional.<Long>empty();
    // The pipe pauses the body until the store is ready.
    var pipe = body.pipe().endOnFailure(false);
    return stores
        .write(
            order.blob(),
            order.maxBytes(),
            new StoreClient.Expected(expected, order.claims()),
            order.content())
        .compose(
            open -> {
              sink = open;
              if (done.future().isComplete()) {
                open.abort();
              }
              return follow(open)
                  .compose(ready -> open.take(pipe))
                  .recover(failure -> Future.failedFuture(blame(open, failure)))
                  .compose(sent -> open.written())
                  .onFailure(broken -> open.abort());
            })
        .onFailure(broken -> body.cancel());
  }

  /** Lets the follower read along if it can. It never fails, as no download depends on it. */
  private Future<Void> follow(BlobSink open) {
    var follower = order.follower();
    var file = open.file();
    if (follower.isEmpty() || file.isEmpty()) {
      return Future.succeededFuture();
    }
    return loop.executeBlocking(() -> ArrivingBytes.open(file.get()), false)
        .onSuccess(bytes -> follow(open, bytes, follower.get()))
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private void follow(BlobSink open, ArrivingBytes bytes, Consumer<ArrivingBytes> follower) {
    open.takenHandler(bytes::arrived);
    done.future()
        .onSuccess(written -> bytes.completed(written.sizeBytes()))
        .onFailure(bytes::failed);
    follower.accept(bytes);
  }
}
