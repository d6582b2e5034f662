package io.vitrine.stream;

import io.vertx.core.Future;
import io.vitrine.fetch.Fetcher;
import io.vitrine.image.BlobRef;
import io.vitrine.image.ByteRange;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import io.vitrine.image.StoreState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads an image from wherever it lies; what lies on servers of others comes as a stream. */
public final class LocationReader {
  private static final Logger log = LoggerFactory.getLogger(LocationReader.class);

  private final StoreClient stores;
  private final Fetcher fetcher;
  private final Function<String, StoreState> states;

  /**
   * Reads from stores, and by a fetcher.
   *
   * @param states what is known of the stores by their ids
   */
  public LocationReader(StoreClient stores, Fetcher fetcher, Function<String, StoreState> states) {
    this.stores = stores;
    this.fetcher = fetcher;
    this.states = states;
  }

  /**
   * The range from the first of the blobs that can be read; there is at least one. Those whose
   * store does not work now are tried last.
   */
  public Future<BlobSource> read(List<BlobRef> blobs, ByteRange range) {
    return readFirst(
        blobs.stream()
            .sorted(Comparator.comparing(blob -> !states.apply(blob.store()).isUp()))
            .toList(),
        range);
  }

  private Future<BlobSource> readFirst(List<BlobRef> blobs, ByteRange range) {
    var blob = blobs.getFirst();
    return stores
        .read(blob, Optional.of(range))
        .compose(this::open)
        .recover(
            failure -> {
              if (blobs.size() == 1) {
                return Future.failedFuture(failure);
              }
              log.warn("blob={} store={} cannot be read", blob.id(), blob.store());
              return readFirst(blobs.subList(1, blobs.size()), range);
            });
  }

  private Future<BlobSource> open(BlobSource source) {
    return source instanceof BlobSource.OnWeb(var url, ByteRange range)
        ? fetcher
            .fetchPart(url, range)
            .<BlobSource>map(part -> new BlobSource.InStream(new WebStream(part, range.length())))
            .recover(LocationReader::hide)
        : Future.succeededFuture(source);
  }

  /** What a server of others answers is not the client's fault, nor its business. */
  private static Future<BlobSource> hide(Throwable refused) {
    return Future.failedFuture(
        new ProblemException(new Problem.Unavailable("The image's data cannot be read now.")));
  }
}
