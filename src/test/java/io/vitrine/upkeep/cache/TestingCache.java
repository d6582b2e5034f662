package io.vitrine.upkeep.cache;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import io.vitrine.config.ByteSize;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Visibility;
import io.vitrine.image.location.ByteRange;
import io.vitrine.observe.metrics.CacheMeters;
import io.vitrine.testing.TestingConditions;
import io.vitrine.transfer.stream.BlobSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a cache with files and a store that counts how often it is read. */
@ExtendWith(VertxExtension.class)
abstract class TestingCache {
  static final int MIB = 1 << 20;

  private final Vertx vertx;
  final Path directory;
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final AtomicInteger reads = new AtomicInteger();
  final Queue<ImageId> suspects = new ConcurrentLinkedQueue<>();
  ImageCache cache;

  TestingCache(Vertx vertx, @TempDir Path directory) throws IOException {
    this.vertx = vertx;
    this.directory = directory;
    this.cache = open(10 * MIB);
  }

  ImageCache open(long maxBytes) throws IOException {
    var config =
        new CacheConfig(
            true,
            directory.resolve("cache"),
            new ByteSize(maxBytes),
            Duration.ofMillis(200),
            Optional.empty());
    return ImageCache.open(
        vertx,
        config,
        new ImageCache.Reports(new CacheMeters(registry), suspects::add),
        Clock.systemUTC());
  }

  @AfterEach
  void close() throws IOException {
    cache.close();
  }

  static byte[] data(int size) {
    var data = new byte[size];
    new Random(size).nextBytes(data);
    return data;
  }

  static Image image(byte[] data) throws Exception {
    return image(ImageId.random(), data);
  }

  static Image image(ImageId id, byte[] data) throws Exception {
    var digest = MessageDigest.getInstance("SHA-512").digest(data);
    return new Image(
        id,
        new Image.State(
            ImageStatus.ACTIVE,
            new Image.Ownership(null, Visibility.SHARED, false, false),
            Instant.EPOCH,
            Instant.EPOCH),
        new Image.Metadata(
            null, new Image.Requirements("raw", "bare", 0, 0), new TreeSet<>(), Map.of()),
        new Image.Content(
            (long) data.length,
            null,
            Image.Hash.of(new Digests("", HashAlgorithm.SHA512, HexFormat.of().formatHex(digest))),
            List.of()));
  }

  /** A store that has the data in a file and counts how often it is asked. */
  ImageCache.StoreRead store(byte[] data) throws IOException {
    var file = Files.write(directory.resolve(UUID.randomUUID().toString()), data);
    return range -> {
      reads.incrementAndGet();
      return Future.succeededFuture(
          new BlobSource.InFile(file, range.orElse(new ByteRange(0, data.length)), false));
    };
  }

  Future<byte[]> bytes(Future<BlobSource> source) {
    return source.compose(
        found ->
            switch (found) {
              case BlobSource.OnWeb remote -> throw new AssertionError(remote);
              case BlobSource.InFile(var path, var range, _) ->
                  vertx
                      .fileSystem()
                      .readFile(path.toString())
                      .map(
                          all ->
                              all.getBytes(
                                  (int) range.offset(), (int) (range.offset() + range.length())));
              case BlobSource.InStream(var stream) -> {
                var all = Buffer.buffer();
                var done = Promise.<byte[]>promise();
                stream.handler(all::appendBuffer);
                stream.endHandler(end -> done.complete(all.getBytes()));
                stream.exceptionHandler(done::fail);
                stream.resume();
                yield done.future();
              }
            });
  }

  /** Reads on an event loop of its own. */
  Future<byte[]> read(Image image, ImageCache.StoreRead store) {
    var done = Promise.<byte[]>promise();
    vertx
        .getOrCreateContext()
        .runOnContext(
            begin ->
                bytes(cache.source(image, Optional.empty(), store))
                    .onSuccess(done::complete)
                    .onFailure(done::fail));
    return done.future();
  }

  static <T> T result(Future<T> future) throws Exception {
    return future.await(20, TimeUnit.SECONDS);
  }

  List<Path> files() throws IOException {
    try (var files = Files.list(directory.resolve("cache/images"))) {
      return files.toList();
    }
  }

  void awaitCached(Image image) {
    TestingConditions.await(() -> cache.isCached(image.id()), cached -> cached);
  }
}
