package io.vitrine.upkeep.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.ByteRange;
import io.vitrine.testing.TestingConditions;
import io.vitrine.transfer.stream.BlobSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCacheTest extends TestingCache {
  ImageCacheTest(Vertx vertx, @TempDir Path directory) throws IOException {
    super(vertx, directory);
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
    assertThat(result(cache.fetch(image, store(data)))).isEqualTo(FetchOutcome.CACHED);
    assertThat(result(read(image, store(data)))).isEqualTo(data);
    assertThat(reads).hasValue(1);
    result(cache.remove(image.id()));

    assertThat(cache.isCached(image.id())).isFalse();
    assertThat(files()).isEmpty();
  }
}
