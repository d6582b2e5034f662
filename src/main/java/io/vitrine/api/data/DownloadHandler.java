package io.vitrine.api.data;

import static io.vitrine.image.problem.ProblemException.damaged;
import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.missing;
import static io.vitrine.image.problem.ProblemException.outOfRange;
import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.image.Image;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Permit;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.location.Verdict;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.transfer.bus.ProblemCodec;
import io.vitrine.transfer.stream.BlobSource;
import io.vitrine.transfer.stream.LocationReader;
import io.vitrine.upkeep.cache.ImageCache;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Serves image data, whole or in ranges (RFC 9110, section 14). */
public final class DownloadHandler {
  private final ImageCatalog catalog;
  private final Access access;
  private final Sources sources;
  private final Optional<ImageCache> cache;
  private final DataSender sender;

  /**
   * Where the data of images comes from.
   *
   * @param order in which the locations are tried
   * @param cache copies on this node
   */
  public record Sources(
      ImageLocations locations,
      DownloadOrder order,
      LocationReader reader,
      Optional<ImageCache> cache) {}

  /** Creates the handler. */
  public DownloadHandler(ImageCatalog catalog, Access access, Sources sources, DataSender sender) {
    this.catalog = catalog;
    this.access = access;
    this.sources = sources;
    this.cache = sources.cache();
    this.sender = sender;
  }

  /** {@code GET} and {@code HEAD /v2/images/{id}/file}. */
  public void download(RoutingContext context) {
    var permit = access.permit(Requests.caller(context), Rule.DOWNLOAD_IMAGE);
    send(context, permit, Future::succeededFuture).onFailure(context::fail);
  }

  /**
   * Answers with the data, or what describes it, if the caller is permitted. Fails before the
   * answer begins, or when it breaks off.
   *
   * @param use what must succeed before such an answer begins, but not before one without data; may
   *     be asked for several times
   */
  public Future<Void> send(RoutingContext context, Permit permit, Supplier<Future<Void>> use) {
    return catalog
        .get(Requests.imageId(context), Requests.caller(context))
        .map(permit::require)
        .map(image -> requireReadable(context, image))
        .compose(
            image ->
                sources
                    .locations()
                    .held(image.id())
                    .compose(held -> answer(context, image, held, use)))
        .recover(failure -> answerMissing(context, failure))
        .onFailure(failure -> DataHeaders.remove(context.response()));
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

  private Future<Void> answer(
      RoutingContext context, Image image, ImageLocations.Held held, Supplier<Future<Void>> use) {
    // As in Glance, ?prefer= is ignored where the cache answers; ranges always come from stores.
    var blobs =
        isCached(image) && !DataHeaders.asksForPart(context)
            ? sources.order().byWeight(held.sound())
            : sources.order().of(context, image, held.sound());
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
                : sources
                    .reader()
                    .read(blobs, new LocationReader.Part(part.orElse(whole), size))
                    .recover(failure -> Future.failedFuture(worse(failure, held.faults())));
    var answer =
        new DataSender.Answer(context, image, DataHeaders.range(context, image, size), size);
    return context.request().method().equals(HttpMethod.HEAD)
        ? look(answer, read, use)
        : give(answer, read, use);
  }

  /** Answers for an image without data: 204, or an error if a range was requested. */
  private static Future<Void> answerNothing(RoutingContext context) {
    if (DataHeaders.asksForPart(context)) {
      return Future.failedFuture(outOfRange("The image has no data, so it has no ranges.", 0));
    }
    Responses.empty(context, 204);
    return Future.succeededFuture();
  }

  private boolean isCached(Image image) {
    return cache.isPresent() && cache.get().isCached(image);
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
  private Future<Void> look(
      DataSender.Answer answer, ImageCache.StoreRead read, Supplier<Future<Void>> use) {
    var found =
        isCached(answer.image())
            ? Future.succeededFuture()
            : read.read(answer.range()).onSuccess(DownloadHandler::abort);
    return found.compose(there -> use.get()).compose(used -> DataSender.describe(answer).end());
  }

  private static void abort(BlobSource source) {
    if (source instanceof BlobSource.InStream(var stream)) {
      stream.abort();
    }
  }

  private Future<Void> give(
      DataSender.Answer answer, ImageCache.StoreRead read, Supplier<Future<Void>> use) {
    var context = answer.context();
    Function<BlobSource, Future<Void>> send =
        source -> {
          if (!DataSender.hasRoom(context, source)) {
            return Future.succeededFuture();
          }
          return use.get()
              .onFailure(refused -> abort(source))
              .compose(
                  used -> {
                    DataSender.describe(answer);
                    return sender.send(answer, source);
                  });
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

  /** Whether the image has usable data; while an import runs, a store may hold data that is not. */
  private static boolean hasData(Image image) {
    return image.status() == ImageStatus.ACTIVE || image.status() == ImageStatus.DEACTIVATED;
  }
}
