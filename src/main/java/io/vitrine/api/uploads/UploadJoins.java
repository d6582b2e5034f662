package io.vitrine.api.uploads;

import static io.vitrine.image.problem.ProblemException.tooLarge;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Requests;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.blobs.BlobJournal.Begun;
import io.vitrine.catalog.blobs.Upload;
import io.vitrine.catalog.blobs.UploadEndings;
import io.vitrine.image.ImageId;
import io.vitrine.image.Permit;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.StoreClient;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins parts: their data is written to a blob in order, and hashed and inspected as that of an
 * upload in one request. If that fails, or the process ends, the parts stay as they are, and the
 * client can ask for it again. It goes on without the client.
 */
record UploadJoins(UploadSite site, BlobJournal blobs) {
  private static final Logger log = LoggerFactory.getLogger(UploadJoins.class);

  /** How often parts are kept from expiry before they would expire. */
  private static final int TOUCHES = 4;

  /**
   * A request to join parts.
   *
   * @param permit what the caller needs
   * @param maxBytes the most that the whole data may have
   */
  record Order(
      RoutingContext context,
      NewUpload creation,
      Concat.Joined joined,
      Permit permit,
      long maxBytes) {
    /** What is known of the whole data. */
    StoreClient.Expected expected(long bytes) {
      return new StoreClient.Expected(Optional.of(bytes), creation.digests());
    }

    /** What the client can ask for once the parts are joined. */
    Upload upload(Begun begun, long bytes) {
      return new Upload(
          begun.blob(),
          Optional.of(bytes),
          bytes,
          creation.metadata(),
          Instant.MAX,
          Optional.of(joined.text()),
          creation.digests());
    }
  }

  /**
   * Joins the parts. Answers the upload of an earlier request if that has joined them, as the
   * client may not have got its answer.
   */
  Future<Upload> join(Order order, Supplier<Future<Begun>> begin) {
    var image = Requests.imageId(order.context);
    return site.parts()
        .find(image, order.joined.parts())
        .map(parts -> requireSize(parts, order.maxBytes))
        .compose(
            parts -> begin.get().compose(begun -> join(order, parts, begun)),
            failure -> joined(order, image, failure));
  }

  /**
   * The upload that has joined the parts, which are gone then. Looked for only after them, as the
   * earlier request may still be at work.
   */
  private Future<Upload> joined(Order order, ImageId image, Throwable failure) {
    return site.parts()
        .joined(image, order.joined.parts(), Requests.caller(order.context), order.permit)
        .compose(
            earlier ->
                earlier
                    .filter(upload -> upload.digests().equals(order.creation.digests()))
                    .map(Future::succeededFuture)
                    .orElseGet(() -> Future.failedFuture(failure)));
  }

  private static List<Upload> requireSize(List<Upload> parts, long maxBytes) {
    long bytes = bytes(parts);
    if (bytes > maxBytes) {
      throw tooLarge(
          "The parts have %d bytes, but the largest image may have %d.".formatted(bytes, maxBytes));
    }
    return parts;
  }

  private static long bytes(List<Upload> parts) {
    return parts.stream().mapToLong(Upload::received).sum();
  }

  private Future<Upload> join(Order order, List<Upload> parts, Begun begun) {
    var vertx = order.context.vertx();
    long timer =
        vertx.setPeriodic(
            0, Math.max(1, site.parts().expiry().toMillis() / TOUCHES), tick -> touch(parts));
    return Future.succeededFuture()
        .compose(ready -> content(order.context, begun))
        .compose(
            known ->
                site.stores()
                    .write(begun.blob(), order.maxBytes, order.expected(bytes(parts)), known))
        .compose(sink -> new PartSender(site.stores(), vertx, sink).send(parts))
        .compose(written -> commit(order, begun, parts, written))
        .recover(
            failure -> blobs.abort(begun.blob()).transform(given -> Future.failedFuture(failure)))
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              site.bus().publish(Addresses.GARBAGE_WAKE, "");
            });
  }

  private void touch(List<Upload> parts) {
    site.parts()
        .touch(parts)
        .onFailure(
            failure ->
                log.atDebug()
                    .addKeyValue("error", failure.getMessage())
                    .log("Cannot keep partial uploads from expiry"));
  }

  private Future<Optional<Message.Content>> content(RoutingContext context, Begun begun) {
    return switch (begun.blob().purpose()) {
      case IMAGE -> site.contents().of(begun.image(), Requests.token(context)).map(Optional::of);
      case STAGING -> Future.succeededFuture(Optional.empty());
    };
  }

  private Future<Upload> commit(
      Order order, Begun begun, List<Upload> parts, Message.Written written) {
    return site.parts()
        .commit(
            begun,
            order.upload(begun, written.sizeBytes()),
            parts,
            new UploadEndings.Complete(
                written.sizeBytes(), written.digests(), written.virtualSizeBytes()));
  }
}
