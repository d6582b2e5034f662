package io.vitrine.upkeep.cache;

import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.net.stream.SizedStream;
import io.vitrine.transfer.stream.BlobSource;
import io.vitrine.transfer.stream.FileStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Fills cache entries: the data is read, verified and flushed before the entry becomes visible. */
record Filling(Vertx vertx, CacheDirectory directory) {
  /** The algorithms that forged data cannot satisfy. */
  private static final Set<HashAlgorithm> STRONG =
      Set.of(HashAlgorithm.SHA256, HashAlgorithm.SHA384, HashAlgorithm.SHA512);

  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]+");

  /** Whether the digests tell which data they belong to. */
  static boolean canVerify(Digests digests) {
    var value = digests.value();
    return strong(digests).filter(it -> it.digits() == value.length()).isPresent()
        && HEXADECIMAL.matcher(value).matches();
  }

  private static Optional<HashAlgorithm> strong(Digests digests) {
    return HashAlgorithm.find(digests.algorithm()).filter(STRONG::contains);
  }

  /** Fills an entry from a source; removes it unless it is complete. */
  Future<Void> fill(Fill fill, BlobSource source) {
    return vertx
        .executeBlocking(() -> begin(fill), false)
        .onFailure(failure -> abort(source))
        .compose(
            channel -> {
              fill.start(Objects.requireNonNull(channel));
              return copy(fill, source);
            })
        .compose(
            written ->
                vertx.executeBlocking(
                    () -> {
                      commit(fill);
                      return true;
                    },
                    false))
        .<Void>mapEmpty()
        .recover(
            failure ->
                vertx
                    .executeBlocking(
                        () -> {
                          directory.abandon(fill.id());
                          return true;
                        },
                        false)
                    .transform(removed -> Future.failedFuture(failure)));
  }

  private FileChannel begin(Fill fill) throws IOException {
    requireWanted(fill);
    var channel = directory.begin(fill.id());
    if (fill.isUnwanted()) {
      channel.close();
      directory.abandon(fill.id());
      requireWanted(fill);
    }
    return channel;
  }

  private static void requireWanted(Fill fill) {
    if (fill.isUnwanted()) {
      throw unavailable("The image no longer belongs in the cache.");
    }
  }

  private void commit(Fill fill) throws IOException {
    try {
      if (fill.isUnwanted()) {
        directory.abandon(fill.id());
      } else {
        directory.commit(fill.key());
      }
    } catch (NoSuchFileException gone) {
      if (!fill.isUnwanted()) {
        throw gone;
      }
    }
  }

  private Future<Void> copy(Fill fill, BlobSource source) {
    return switch (source) {
      case BlobSource.OnWeb remote ->
          throw new IllegalStateException("remote data comes as a stream");
      case BlobSource.InStream(var stream) -> pipe(fill, stream);
      case BlobSource.InFile file ->
          FileStream.open(vertx, file).compose(stream -> pipe(fill, stream));
    };
  }

  private Future<Void> pipe(Fill fill, SizedStream stream) {
    var digests = Objects.requireNonNull(fill.image().digests());
    return stream
        .pipe()
        .endOnFailure(false)
        .to(new FillSink(vertx, fill, strong(digests).orElseThrow().begin(), digests.value()))
        .onFailure(failure -> stream.abort());
  }

  private static void abort(BlobSource source) {
    if (source instanceof BlobSource.InStream(var stream)) {
      stream.abort();
    }
  }
}
