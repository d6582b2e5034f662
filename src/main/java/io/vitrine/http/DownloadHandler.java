package io.vitrine.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.catalog.ImageCatalog;
import io.vitrine.catalog.ImageLocations;
import io.vitrine.fetch.FetchedPart;
import io.vitrine.fetch.Fetcher;
import io.vitrine.image.BlobRef;
import io.vitrine.image.ByteRange;
import io.vitrine.image.Image;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import io.vitrine.stream.BlobSource;
import io.vitrine.stream.StoreClient;
import io.vitrine.telemetry.TransferMeters;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the data of images, whole or in part (RFC 9110, 14). */
final class DownloadHandler {
  private static final Logger log = LoggerFactory.getLogger(DownloadHandler.class);

  private final ImageCatalog catalog;
  private final ImageLocations locations;
  private final DownloadOrder order;
  private final StoreClient stores;
  private final Fetcher fetcher;
  private final TransferMeters meters;

  DownloadHandler(
      ImageCatalog catalog,
      ImageLocations locations,
      DownloadOrder order,
      StoreClient stores,
      Fetcher fetcher,
      TransferMeters meters) {
    this.catalog = catalog;
    this.locations = locations;
    this.order = order;
    this.stores = stores;
    this.fetcher = fetcher;
    this.meters = meters;
  }

  /** {@code GET} and {@code HEAD /v2/images/{id}/file}. */
  void download(RoutingContext context) {
    catalog
        .get(Requests.imageId(context), Requests.caller(context))
        .map(image -> requireReadable(context, image))
        .compose(
            image ->
                locations
                    .of(image.id())
                    .map(found -> order.of(context, image, found))
                    .compose(blobs -> answer(context, image, blobs)))
        .onFailure(context::fail);
  }

  private static Image requireReadable(RoutingContext context, Image image) {
    if (image.status() == ImageStatus.DEACTIVATED && !Requests.caller(context).isAdmin()) {
      throw new ProblemException(
          new Problem.Forbidden(
              "The requested image has been deactivated. Image data download is forbidden."));
    }
    return image;
  }

  private Future<Void> answer(RoutingContext context, Image image, List<BlobRef> blobs) {
    if (blobs.isEmpty() || image.size() == null || !hasData(image)) {
      Responses.empty(context, 204);
      return Future.succeededFuture();
    }
    long size = image.size();
    if (matches(context, image)) {
      describe(context.response(), image);
      context.response().headers().remove(HttpHeaders.CONTENT_TYPE);
      Responses.empty(context, 304);
      return Future.succeededFuture();
    }
    var range = range(context, image, size);
    if (context.request().method().equals(HttpMethod.HEAD)) {
      describe(context.response(), image, range, size);
      return context.response().end();
    }
    describe(context.response(), image, range, size);
    return send(context.response(), blobs, range.orElse(new ByteRange(0, size)));
  }

  /** While an import goes on, some stores may have data that does not count yet. */
  private static boolean hasData(Image image) {
    return image.status() == ImageStatus.ACTIVE || image.status() == ImageStatus.DEACTIVATED;
  }

  /** From the first of the stores that gives a byte. */
  private Future<Void> send(HttpServerResponse response, List<BlobRef> blobs, ByteRange range) {
    var blob = blobs.getFirst();
    return stores
        .read(blob, Optional.of(range))
        .compose(source -> send(response, source))
        .recover(
            failure -> {
              if (blobs.size() == 1 || response.headWritten()) {
                return Future.failedFuture(failure);
              }
              log.warn("blob={} store={} cannot be read", blob.id(), blob.store());
              return send(response, blobs.subList(1, blobs.size()), range);
            });
  }

  private static void describe(
      HttpServerResponse response, Image image, Optional<ByteRange> range, long size) {
    describe(response, image);
    range.ifPresent(
        part ->
            response
                .setStatusCode(206)
                .putHeader(
                    HttpHeaders.CONTENT_RANGE,
                    "bytes %d-%d/%d".formatted(part.offset(), part.last(), size)));
    response.putHeader(
        HttpHeaders.CONTENT_LENGTH, String.valueOf(range.map(ByteRange::length).orElse(size)));
  }

  private static void describe(HttpServerResponse response, Image image) {
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
        .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
    if (image.digests() != null) {
      // Hexadecimal, unlike RFC 1864, because clients of Glance expect it so.
      Optional.ofNullable(image.digests().md5())
          .ifPresent(md5 -> response.putHeader("Content-MD5", md5));
      response.putHeader(HttpHeaders.ETAG, etag(image));
    }
  }

  /** Whether the client has this data already (RFC 9110, 13.1.2). */
  private static boolean matches(RoutingContext context, Image image) {
    return image.digests() != null
        && Requests.header(context, "If-None-Match").stream()
            .flatMap(tags -> Arrays.stream(tags.split(",")))
            .map(String::strip)
            .anyMatch(
                tag ->
                    tag.equals("*") || tag.equals(etag(image)) || tag.equals("W/" + etag(image)));
  }

  /**
   * The part that is asked for, unless {@code If-Range} says that the client has a part of other
   * data.
   */
  private static Optional<ByteRange> range(RoutingContext context, Image image, long size) {
    boolean isSame =
        Requests.header(context, "If-Range")
            .map(validator -> image.digests() != null && validator.equals(etag(image)))
            .orElse(true);
    if (!isSame) {
      return Optional.empty();
    }
    return Requests.header(context, "Range")
        .map(header -> ByteRange.ofHeader(header, size))
        .or(
            () ->
                Requests.header(context, "Content-Range")
                    .map(header -> ByteRange.ofLegacyHeader(header, size)));
  }

  private static String etag(Image image) {
    return image.digests() == null ? "" : '"' + image.digests().value() + '"';
  }

  /**
   * A transfer that breaks must not look complete: the connection is cut instead of the response
   * being ended.
   */
  private Future<Void> send(HttpServerResponse response, BlobSource source) {
    var download = meters.download();
    var sent =
        switch (source) {
          case BlobSource empty when empty.sizeBytes() == 0 -> response.end();
          case BlobSource.InFile(Path path, ByteRange range) ->
              response.sendFile(path.toString(), range.offset(), range.length());
          case BlobSource.OnWeb(URI url, ByteRange range) ->
              open(url, range).compose(part -> send(response, part));
          case BlobSource.InStream(var stream) ->
              stream.pipe().endOnFailure(false).to(response).onFailure(broken -> stream.abort());
        };
    return sent.onSuccess(done -> download.succeeded(source.sizeBytes()))
        .recover(
            failure -> {
              download.failed();
              return response.headWritten()
                  ? response.reset().otherwiseEmpty().mapEmpty()
                  : Future.failedFuture(failure);
            });
  }

  /** What a server of others answers is not the client's fault, nor its business. */
  private Future<FetchedPart> open(URI url, ByteRange range) {
    return fetcher
        .fetchPart(url, range)
        .recover(
            refused ->
                Future.failedFuture(
                    new ProblemException(
                        new Problem.Unavailable("The image's data cannot be read now."))));
  }

  private static Future<Void> send(HttpServerResponse response, FetchedPart part) {
    return part.pipe().endOnFailure(false).to(response).onFailure(broken -> part.cancel());
  }
}
