package io.vitrine.api.data;

import static io.vitrine.image.problem.ProblemException.damaged;
import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.missing;
import static io.vitrine.image.problem.ProblemException.outOfRange;
import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.Outflow;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.request.RoomGate;
import io.vitrine.catalog.events.Deliveries;
import io.vitrine.catalog.events.Deliveries.Delivery;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.image.Image;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.location.Verdict;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.observe.metrics.TransferMeters;
import io.vitrine.transfer.bus.ProblemCodec;
import io.vitrine.transfer.stream.BlobSource;
import io.vitrine.transfer.stream.LocationReader;
import io.vitrine.upkeep.cache.ImageCache;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves image data, whole or in ranges (RFC 9110, section 14). */
public final class DownloadHandler {
  private static final Logger log = LoggerFactory.getLogger(DownloadHandler.class);

  private static final int FILE_PIECE_BYTES = 64 << 10;

  /** The largest buffer that a stream emits. */
  private static final long MAX_PIECE_BYTES = 256 << 10;

  private final ImageCatalog catalog;
  private final Access access;
  private final ImageLocations locations;
  private final DownloadOrder order;
  private final LocationReader reader;
  private final Optional<ImageCache> cache;
  private final WorkerExecutor openings;
  private final TransferMeters meters;
  private final Deliveries deliveries;

  /** Creates the handler; {@code openings} are the threads that open files, which may block. */
  public DownloadHandler(
      ImageCatalog catalog,
      Access access,
      ImageLocations locations,
      DownloadOrder order,
      LocationReader reader,
      Optional<ImageCache> cache,
      WorkerExecutor openings,
      TransferMeters meters,
      Deliveries deliveries) {
    this.catalog = catalog;
    this.access = access;
    this.locations = locations;
    this.order = order;
    this.reader = reader;
    this.cache = cache;
    this.openings = openings;
    this.meters = meters;
    this.deliveries = deliveries;
  }

  /** {@code GET} and {@code HEAD /v2/images/{id}/file}. */
  public void download(RoutingContext context) {
    var caller = Requests.caller(context);
    catalog
        .get(Requests.imageId(context), caller)
        .map(access.permit(caller, Rule.DOWNLOAD_IMAGE)::require)
        .map(image -> requireReadable(context, image))
        .compose(image -> locations.held(image.id()).compose(held -> answer(context, image, held)))
        .recover(failure -> answerMissing(context, failure))
        .onFailure(
            failure -> {
              DataHeaders.remove(context.response());
              context.fail(failure);
            });
  }

  /** Answers 204 as Glance does if all data is missing; a request for a range fails instead. */
  private static Future<Void> answerMissing(RoutingContext context, Throwable failure) {
    boolean isMissing = ProblemCodec.toProblem(failure) instanceof Problem.Missing;
    if (!isMissing || context.response().headWritten() || DataHeaders.asksForPart(context)) {
      return Future.failedFuture(failure);
    }
    DataHeaders.remove(context.response());
    Responses.empty(context, 204);
    return Future.succeededFuture();
  }

  private static Image requireReadable(RoutingContext context, Image image) {
    if (image.status() == ImageStatus.DEACTIVATED && !Requests.caller(context).isAdmin()) {
      throw forbidden(
          "The requested image has been deactivated. Image data download is forbidden.");
    }
    return image;
  }

  private Future<Void> answer(RoutingContext context, Image image, ImageLocations.Held held) {
    // As in Glance, ?prefer= is ignored where the cache answers; ranges always come from stores.
    var blobs =
        isCached(image) && !DataHeaders.asksForPart(context)
            ? order.byWeight(held.sound())
            : order.of(context, image, held.sound());
    boolean isNowhere = blobs.isEmpty() && held.faults().isEmpty();
    if (isNowhere || image.size() == null || !hasData(image)) {
      return answerNothing(context);
    }
    if (blobs.isEmpty() && !isCached(image)) {
      return Future.failedFuture(fault(held.faults()));
    }
    if (DataHeaders.matches(context, image)) {
      DataHeaders.describe(context.response(), image);
      context.response().headers().remove(HttpHeaders.CONTENT_TYPE);
      Responses.empty(context, 304);
      return Future.succeededFuture();
    }
    long size = image.size();
    var whole = new ByteRange(0, size);
    ImageCache.StoreRead read =
        part ->
            blobs.isEmpty()
                ? Future.failedFuture(fault(held.faults()))
                : reader
                    .read(blobs, new LocationReader.Part(part.orElse(whole), size))
                    .recover(failure -> Future.failedFuture(worse(failure, held.faults())));
    var answer = new Answer(context, image, DataHeaders.range(context, image, size), size);
    return context.request().method().equals(HttpMethod.HEAD)
        ? look(answer, read)
        : give(answer, read);
  }

  /** Answers for an image without data: 204, or an error if a range was requested. */
  private static Future<Void> answerNothing(RoutingContext context) {
    if (DataHeaders.asksForPart(context)) {
      return Future.failedFuture(outOfRange("The image has no data, so it has no ranges.", 0));
    }
    Responses.empty(context, 204);
    return Future.succeededFuture();
  }

  /** The response to send once a source of the data is open. */
  private record Answer(
      RoutingContext context, Image image, Optional<ByteRange> range, long size) {}

  private static HttpServerResponse describe(Answer answer) {
    var response = answer.context().response();
    DataHeaders.describe(response, answer.image(), answer.range(), answer.size());
    answer.range().ifPresent(part -> response.setStatusCode(206));
    return response;
  }

  private boolean isCached(Image image) {
    return cache.isPresent() && cache.get().isCached(image.id());
  }

  private static ProblemException fault(Set<Verdict> faults) {
    return faults.contains(Verdict.DAMAGED)
        ? damaged("The data of this image is damaged and must be restored.")
        : missing("The data of this image is missing from its stores.");
  }

  /**
   * Prefers "damaged" to "missing" when this copy is missing and another is known to be damaged.
   */
  private static Throwable worse(Throwable failure, Set<Verdict> faults) {
    return ProblemCodec.toProblem(failure) instanceof Problem.Missing ? fault(faults) : failure;
  }

  /** Answers HEAD from what the store has now. */
  private Future<Void> look(Answer answer, ImageCache.StoreRead read) {
    if (isCached(answer.image())) {
      return describe(answer).end();
    }
    return read.read(answer.range())
        .compose(
            source -> {
              if (source instanceof BlobSource.InStream(var stream)) {
                stream.abort();
              }
              return describe(answer).end();
            });
  }

  private Future<Void> give(Answer answer, ImageCache.StoreRead read) {
    var context = answer.context();
    Function<BlobSource, Future<Void>> send =
        source -> {
          if (!hasRoom(context, source)) {
            return Future.succeededFuture();
          }
          describe(answer);
          return send(answer, source);
        };
    var found =
        cache
            .map(own -> own.source(answer.image(), answer.range(), read))
            .orElseGet(() -> read.read(answer.range()));
    return found
        .compose(send)
        .recover(
            failure -> {
              if (isFinal(failure) || context.response().headWritten()) {
                return Future.failedFuture(failure);
              }
              // The cache may have evicted the copy just now, or its file is gone.
              cache.ifPresent(own -> own.recheck(answer.image().id()));
              return read.read(answer.range()).compose(send);
            })
        .recover(failure -> Future.failedFuture(hide(failure)));
  }

  /**
   * Whether no other source helps: data that the cache found damaged must not come from a store.
   */
  private boolean isFinal(Throwable failure) {
    return failure instanceof ProblemException known
        && (cache.isEmpty() || known.problem() instanceof Problem.Damaged);
  }

  private static Throwable hide(Throwable failure) {
    return failure instanceof IOException
        ? unavailable("The image's data cannot be read at the moment; try again later.")
        : failure;
  }

  /** Takes room for the memory that a source needs; if there is none, refuses the request. */
  private static boolean hasRoom(RoutingContext context, BlobSource source) {
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

  /** Whether the image has usable data; while an import runs, a store may hold data that is not. */
  private static boolean hasData(Image image) {
    return image.status() == ImageStatus.ACTIVE || image.status() == ImageStatus.DEACTIVATED;
  }

  /**
   * Sends the data. If the transfer breaks, the connection is reset: ending the response would make
   * truncated data look complete.
   */
  private Future<Void> send(Answer answer, BlobSource source) {
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
