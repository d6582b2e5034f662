package io.vitrine.api.data;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Outflow;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.RoomGate;
import io.vitrine.catalog.events.Deliveries;
import io.vitrine.catalog.events.Deliveries.Delivery;
import io.vitrine.image.Image;
import io.vitrine.image.location.ByteRange;
import io.vitrine.observe.metrics.TransferMeters;
import io.vitrine.transfer.stream.BlobSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends image data from its source. */
public final class DataSender {
  private static final Logger log = LoggerFactory.getLogger(DataSender.class);

  private static final int FILE_PIECE_BYTES = 64 << 10;

  /** The largest buffer that a stream emits. */
  private static final long MAX_PIECE_BYTES = 256 << 10;

  private final WorkerExecutor openings;
  private final TransferMeters meters;
  private final Deliveries deliveries;

  /** Sends data; {@code openings} are the threads that open files, which may block. */
  public DataSender(WorkerExecutor openings, TransferMeters meters, Deliveries deliveries) {
    this.openings = openings;
    this.meters = meters;
    this.deliveries = deliveries;
  }

  /** The response to send once a source of the data is open. */
  record Answer(RoutingContext context, Image image, Optional<ByteRange> range, long size) {}

  /** Sets the status and the headers of the response. */
  static HttpServerResponse describe(Answer answer) {
    var response = answer.context.response();
    DataHeaders.describe(response, answer.image, answer.range, answer.size);
    answer.range.ifPresent(part -> response.setStatusCode(206));
    return response;
  }

  /** Takes room for the memory that a source needs; if there is none, refuses the request. */
  static boolean hasRoom(RoutingContext context, BlobSource source) {
    boolean isHttp2 = context.request().version() == HttpVersion.HTTP_2;
    return switch (source) {
      case BlobSource.InFile file when isHttp2 ->
          RoomGate.resize(context, 2 * FILE_PIECE_BYTES + Outflow.MAX_WAITING_BYTES);
      // The kernel sends the file; it takes no memory of this process.
      case BlobSource.InFile file -> true;
      case BlobSource.OnWeb remote -> true;
      case BlobSource.InStream(var stream) -> {
        long window =
            RoomGate.hold(context).map(hold -> hold.room().window()).orElse(MAX_PIECE_BYTES);
        stream.runAhead(window);
        boolean fits =
            RoomGate.resize(context, window + MAX_PIECE_BYTES + Outflow.MAX_WAITING_BYTES);
        if (!fits) {
          stream.abort();
        }
        yield fits;
      }
    };
  }

  /**
   * Sends the data. If the transfer breaks, the connection is reset: ending the response would make
   * truncated data look complete.
   */
  Future<Void> send(Answer answer, BlobSource source) {
    var context = answer.context();
    var response = context.response();
    var download = meters.download();
    var sent =
        switch (source) {
          case BlobSource empty when empty.sizeBytes() == 0 -> response.end();
          case BlobSource.InFile file -> send(context, file);
          case BlobSource.OnWeb remote ->
              throw new IllegalStateException("remote data comes as a stream");
          case BlobSource.InStream(var stream) ->
              stream
                  .pipe()
                  .endOnFailure(false)
                  .to(Outflow.of(context))
                  .onFailure(broken -> stream.abort());
        };
    return sent.onSuccess(
            done -> {
              download.succeeded(source.sizeBytes());
              tell(answer, source.sizeBytes(), true);
            })
        .recover(
            failure -> {
              download.failed();
              tell(answer, Math.min(response.bytesWritten(), source.sizeBytes()), false);
              return response.headWritten()
                  ? response.reset().otherwiseEmpty().mapEmpty()
                  : Future.failedFuture(failure);
            });
  }

  private void tell(Answer answer, long bytes, boolean isWhole) {
    var context = answer.context();
    deliveries.add(
        new Delivery(
            answer.image(), Requests.caller(context), Requests.client(context), bytes, isWhole));
  }

  /**
   * Opens the file on a worker thread, because a file system that hangs must not block an event
   * loop.
   */
  private Future<Void> send(RoutingContext context, BlobSource.InFile file) {
    return openings
        .executeBlocking(() -> open(file), false)
        .map(Objects::requireNonNull)
        .compose(
            channel -> {
              if (context.request().version() == HttpVersion.HTTP_2) {
                close(channel);
                return copy(context, file);
              }
              return send(context.response(), channel, file.range());
            });
  }

  private static Future<Void> copy(RoutingContext context, BlobSource.InFile source) {
    var range = source.range();
    return context
        .vertx()
        .fileSystem()
        .open(
            source.path().toString(),
            new OpenOptions().setRead(true).setWrite(false).setCreate(false))
        .compose(
            file ->
                file.setReadPos(range.offset())
                    .setReadLength(range.length())
                    .setReadBufferSize(FILE_PIECE_BYTES)
                    .pipe()
                    .endOnFailure(false)
                    .to(Outflow.of(context))
                    .onComplete(sent -> file.close()));
  }

  /** Opens the file; fails if it has been truncated since its size was read. */
  private static FileChannel open(BlobSource.InFile file) throws IOException {
    var channel = FileChannel.open(file.path(), StandardOpenOption.READ);
    if (channel.size() < file.range().offset() + file.range().length()) {
      channel.close();
      throw new EOFException("the data is shorter than expected");
    }
    return channel;
  }

  private static Future<Void> send(
      HttpServerResponse response, FileChannel channel, ByteRange range) {
    return Future.succeededFuture(channel)
        .compose(open -> response.sendFile(channel, range.offset(), range.length()))
        .onComplete(sent -> close(channel));
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException failure) {
      log.atWarn().setCause(failure).log("Cannot close a file after sending it");
    }
  }
}
