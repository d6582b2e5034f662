package io.vitrine.transfer.stream;

import io.vertx.core.Future;
import io.vitrine.fetch.AbsentFileException;
import io.vitrine.fetch.WebStores;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.location.StoreState;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.transfer.bus.ProblemCodec;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads an image from wherever it lies; what lies on servers of others comes as a stream. */
public final class LocationReader {
  private static final Logger log = LoggerFactory.getLogger(LocationReader.class);
  private static final int UNAVAILABLE = 2;

  private final StoreClient stores;
  private final WebStores web;
  private final Function<String, StoreState> states;
  private final Consumer<ImageId> suspicion;

  /**
   * Reads from stores.
   *
   * @param web those whose data lies on servers of others
   * @param states what is known of the stores by their ids
   * @param suspicion takes images of which a store has not what it should
   */
  public LocationReader(
      StoreClient stores,
      WebStores web,
      Function<String, StoreState> states,
      Consumer<ImageId> suspicion) {
    this.stores = stores;
    this.web = web;
    this.states = states;
    this.suspicion = suspicion;
  }

  /** A part of an image, which has so many bytes. */
  public record Part(ByteRange range, long imageBytes) {}

  /**
   * A part from the first of the blobs that can be read; there is at least one. Those whose store
   * does not work now are tried last. Fails with what leaves the most hope: {@link
   * Problem.Unavailable} if any store may have the data, else {@link Problem.Damaged} if any has
   * something, else {@link Problem.Missing}.
   */
  public Future<BlobSource> read(List<BlobRef> blobs, Part part) {
    return readFirst(
        blobs.stream()
            .sorted(Comparator.comparing(blob -> !states.apply(blob.store()).isUp()))
            .toList(),
        part);
  }

  private Future<BlobSource> readFirst(List<BlobRef> blobs, Part part) {
    var blob = blobs.getFirst();
    var rest = blobs.subList(1, blobs.size());
    return read(blob, part)
        .recover(
            failure -> {
              note(blob, failure);
              return rest.isEmpty()
                  ? Future.failedFuture(failure)
                  : readFirst(rest, part)
                      .recover(other -> Future.failedFuture(best(failure, other)));
            });
  }

  private Future<BlobSource> read(BlobRef blob, Part part) {
    return stores
        .read(blob, Optional.of(part.imageBytes()), Optional.of(part.range()))
        .compose(this::open);
  }

  private void note(BlobRef blob, Throwable failure) {
    log.warn(
        "blob={} image={} store={} cannot be read: {}",
        blob.id(),
        blob.image(),
        blob.store(),
        failure.getMessage());
    if (hope(failure) < UNAVAILABLE && blob.url().isEmpty()) {
      suspicion.accept(blob.image());
    }
  }

  private static Throwable best(Throwable one, Throwable other) {
    return hope(one) >= hope(other) ? one : other;
  }

  private static int hope(Throwable failure) {
    return switch (ProblemCodec.toProblem(failure)) {
      case Problem.Missing missing -> 0;
      case Problem.Damaged damaged -> 1;
      default -> UNAVAILABLE;
    };
  }

  private Future<BlobSource> open(BlobSource source) {
    return source instanceof BlobSource.OnWeb(var store, var url, ByteRange range)
        ? web.fetcher(store)
            .fetchPart(url, range)
            .<BlobSource>map(part -> new BlobSource.InStream(new WebStream(part, range.length())))
            .recover(LocationReader::hide)
        : Future.succeededFuture(source);
  }

  /** What a server of others answers is not the client's fault, nor its business. */
  private static Future<BlobSource> hide(Throwable refused) {
    return Future.failedFuture(
        new ProblemException(
            refused instanceof AbsentFileException
                ? new Problem.Missing("The image's data is no longer where it was.")
                : new Problem.Unavailable("The image's data cannot be read now.")));
  }
}
