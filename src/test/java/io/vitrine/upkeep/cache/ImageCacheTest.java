package io.vitrine.upkeep.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.Arrays;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class ImageCacheTest {
  private static final int MIB = 1 << 20;

  private final Vertx vertx;
  private final Path directory;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicInteger reads = new AtomicInteger();
  private final Queue<ImageId> suspects = new ConcurrentLinkedQueue<>();
  private ImageCache cache;

  ImageCacheTest(Vertx vertx, @TempDir Path directory) throws IOException {
    this.vertx = vertx;
    this.directory = directory;
    this.cache = open(10 * MIB);
  }

  private ImageCache open(long maxBytes) throws IOException {
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

  private static byte[] data(int size) {
    var data = new byte[size];
    new Random(size).nextBytes(data);
    return data;
  }

  private static Image image(byte[] data) throws Exception {
    var digest = MessageDigest.getInstance("SHA-512").digest(data);
    return new Image(
        new ImageId(UUID.randomUUID()),
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
  private ImageCache.StoreRead store(byte[] data) throws IOException {
    var file = Files.write(directory.resolve(UUID.randomUUID().toString()), data);
    return range -> {
      reads.incrementAndGet();
      return Future.succeededFuture(
          new BlobSource.InFile(file, range.orElse(new ByteRange(0, data.length)), false));
    };
  }

  private Future<byte[]> bytes(Future<BlobSource> source) {
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
  private Future<byte[]> read(Image image, ImageCache.StoreRead store) {
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

  private static <T> T result(Future<T> future) throws Exception {
    return future.await(20, TimeUnit.SECONDS);
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(directory.resolve("cache/images"))) {
      return files.toList();
    }
  }

  private void awaitCached(Image image) {
    TestingConditions.await(() -> cache.isCached(image.id()), cached -> cached);
  }

  @Test
  void readsTheStoreOnceForFiftyFirstReaders() throws Exception {
    var data = data(5 * MIB + 17);
    var image = image(data);
    var store = store(data);

    var readers = IntStream.range(0, 50).mapToObj(reader -> read(image, store)).toList();

    for (var reader : readers) {
      assertThat(Arrays.equals(result(reader), data)).isTrue();
    }
    assertThat(result(read(image, store))).hasSize(data.length);
    assertThat(reads).hasValue(1);
    assertThat(cache.isCached(image.id())).isTrue();
    assertThat(registry.counter("vitrine.cache.hits").count()).isPositive();
    assertThat(registry.get("vitrine.cache.size").gauge().value()).isEqualTo(data.length);
  }

  @Test
  void servesPartsOfWhatItHasAndReadsOthersFromTheStore() throws Exception {
    var data = data(MIB);
    var image = image(data);
    var range = new ByteRange(1000, 5000);
    var store = store(data);

    var before = result(bytes(cache.source(image, Optional.of(range), store)));
    boolean cachedByPart = cache.isCached(image.id());
    result(read(image, store));
    var after = result(bytes(cache.source(image, Optional.of(range), store)));

    assertThat(before).isEqualTo(Arrays.copyOfRange(data, 1000, 6000)).isEqualTo(after);
    assertThat(cachedByPart).isFalse();
    assertThat(reads).hasValue(2);
  }

  @Test
  void cutsAndForgetsDataThatIsNotTheImages() throws Exception {
    var image = image(data(MIB));
    var other = data(MIB);
    other[77] ^= 1;
    var store = store(other);

    assertThatThrownBy(() -> result(read(image, store)))
        .hasMessageContaining("other data than the image's");

    TestingConditions.await(this::files, List::isEmpty);
    assertThat(cache.images()).isEmpty();
    assertThat(registry.get("vitrine.cache.size").gauge().value()).isZero();
    assertThat(registry.counter("vitrine.cache.failures").count()).isEqualTo(1);
    assertThat(suspects).containsExactly(image.id());
  }

  @Test
  void cutsDataThatIsTooShortOrTooLong() throws Exception {
    for (int size : new int[] {0, MIB - 1, MIB + 1, 2 * MIB}) {
      var image = image(data(MIB));

      assertThatThrownBy(() -> result(read(image, store(data(size))))).isNotNull();
    }

    TestingConditions.await(this::files, List::isEmpty);
  }

  @Test
  void passesTheStoresFailureOn() throws Exception {
    var image = image(data(10));

    assertThatThrownBy(
            () ->
                result(read(image, range -> Future.failedFuture(new IOException("store is down")))))
        .hasMessage("store is down");

    assertThat(result(read(image, store(data(10))))).isEqualTo(data(10));
  }

  @Test
  void makesRoomForWhatIsReadNow() throws Exception {
    var first = data(4 * MIB);
    var second = data(4 * MIB + 1);
    var third = data(4 * MIB + 2);
    var images = List.of(image(first), image(second), image(third));

    result(read(images.get(0), store(first)));
    awaitCached(images.get(0));
    result(read(images.get(1), store(second)));
    awaitCached(images.get(1));
    result(read(images.get(0), store(first)));
    result(read(images.get(2), store(third)));
    awaitCached(images.get(2));

    assertThat(cache.images().stream().map(CachedImage::id))
        .containsExactly(images.get(0).id(), images.get(2).id());
    assertThat(files()).hasSize(2);
  }

  @Test
  void leavesAloneWhatIsLargerThanTheCache() throws Exception {
    var data = data(11 * MIB);

    assertThat(result(read(image(data), store(data)))).hasSize(data.length);

    assertThat(files()).isEmpty();
  }

  @Test
  void keepsAnEmptyImage() throws Exception {
    var image = image(new byte[0]);

    assertThat(result(read(image, store(new byte[0])))).isEmpty();

    awaitCached(image);
  }

  @Test
  void hasItsImagesAndItsQueueAgainAfterARestart() throws Exception {
    var data = data(MIB);
    var image = image(data);
    var waiting = new ImageId(UUID.randomUUID());
    var store = store(data);
    result(read(image, store));
    awaitCached(image);
    result(cache.enqueue(waiting));
    Files.write(directory.resolve("cache/images/%s.part".formatted(waiting)), new byte[5]);

    cache.close();
    cache = open(10 * MIB);

    assertThat(result(read(image, store))).isEqualTo(data);
    assertThat(reads).hasValue(1);
    assertThat(result(cache.queued())).containsExactly(waiting);
    assertThat(files()).hasSize(1);
    cache.close();
    cache = open(MIB - 1);
    assertThat(cache.images()).isEmpty();
    assertThat(files()).isEmpty();
  }

  @Test
  void belongsToOneProcess() {
    assertThatThrownBy(() -> open(MIB))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("in use by another process");
  }

  @Test
  void givesUpAStoreThatIsSilent() throws Exception {
    var image = image(data(MIB));
    var silent = Promise.<BlobSource>promise();

    var reader = read(image, range -> silent.future());
    TestingConditions.await(
        () -> {
          cache.stopStalled();
          return reader.isComplete();
        },
        done -> done);

    assertThat(reader.failed()).isTrue();
  }

  @Test
  void fetchesAheadAndRemoves() throws Exception {
    var data = data(MIB);
    var image = image(data);

    result(cache.enqueue(image.id()));
    assertThat(result(cache.fetch(image, store(data)))).isEqualTo(ImageCache.Outcome.CACHED);
    assertThat(result(read(image, store(data)))).isEqualTo(data);
    assertThat(reads).hasValue(1);
    result(cache.remove(image.id()));

    assertThat(cache.isCached(image.id())).isFalse();
    assertThat(files()).isEmpty();
  }
}
