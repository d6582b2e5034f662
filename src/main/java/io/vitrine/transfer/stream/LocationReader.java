package io.vitrine.transfer.stream;

import static io.vitrine.image.problem.ProblemException.missing;
import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vitrine.fetch.AbsentFileException;
import io.vitrine.fetch.WebStores;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.location.StoreState;
import io.vitrine.image.problem.Problem;
import io.vitrine.transfer.bus.ProblemCodec;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads image data from any location; data on web servers comes as a stream. */
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
   * @param web the stores of kind http
   * @param states the state of a store by its id
   * @param suspicion receives images whose data is missing or damaged in a store
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

  /** A range of an image of the given size. */
  public record Part(ByteRange range, long imageBytes) {}

  /**
   * Reads a range from the first of the blobs that is readable; there is at least one blob. Blobs
   * in stores that do not work come last. Fails with the most hopeful problem: {@link
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
    log.atWarn()
        .addKeyValue("image_id", blob.image())
        .addKeyValue("blob_id", blob.id())
        .addKeyValue("store", blob.store())
        .addKeyValue("error", failure.getMessage())
        .log("Cannot read a blob");
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
            .<BlobSource>map(BlobSource.InStream::new)
            .recover(LocationReader::hide)
        : Future.succeededFuture(source);
  }

  /** A web server's answer is neither the client's fault nor for it to see. */
  private static Future<BlobSource> hide(Throwable refused) {
    return Future.failedFuture(
        refused instanceof AbsentFileException
            ? missing("The image's data is no longer where it was.")
            : unavailable("The image's data cannot be read at the moment."));
  }
}
