package io.vitrine.cache;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vitrine.image.Digests;
import io.vitrine.stream.BlobSource;
import io.vitrine.stream.FileStream;
import io.vitrine.stream.SizedStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Brings images into the cache's directory: read, verified, on the disk, and only then there. */
record Filling(Vertx vertx, CacheDirectory directory) {
  /** Java's names of the algorithms that the catalog may know an image's digest by. */
  private static final Map<String, String> ALGORITHMS =
      Map.of("sha256", "SHA-256", "sha384", "SHA-384", Digests.SHA512, "SHA-512");

  static boolean canVerify(@Nullable Digests digests) {
    return digests != null && ALGORITHMS.containsKey(digests.algorithm());
  }

  /** Fills from a source; what did not become whole is removed. */
  Future<Void> fill(Fill fill, BlobSource source) {
    return vertx
        .executeBlocking(() -> directory.begin(fill.id()), false)
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
                      directory.commit(fill.id());
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

  private Future<Void> copy(Fill fill, BlobSource source) {
    return switch (source) {
      case BlobSource.OnWeb remote ->
          throw new IllegalStateException("what lies elsewhere comes as a stream");
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
        .to(new FillSink(vertx, fill, digest(digests.algorithm()), digests.value()))
        .onFailure(failure -> stream.abort());
  }

  private static void abort(BlobSource source) {
    if (source instanceof BlobSource.InStream(var stream)) {
      stream.abort();
    }
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(Objects.requireNonNull(ALGORITHMS.get(algorithm)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java has " + algorithm, impossible);
    }
  }
}
