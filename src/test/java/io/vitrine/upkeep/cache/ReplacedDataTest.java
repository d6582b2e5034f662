package io.vitrine.upkeep.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.ByteRange;
import io.vitrine.testing.TestingConditions;
import io.vitrine.transfer.stream.BlobSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that replaces other data of the same size under the same id. */
class ReplacedDataTest extends TestingCache {
  private final ImageId id = ImageId.random();
  private final byte[] old = data(MIB);
  private final byte[] data = changed(old);
  private final Image oldImage = image(id, old);
  private final Image image = image(id, data);

  ReplacedDataTest(Vertx vertx, @TempDir Path directory) throws Exception {
    super(vertx, directory);
  }

  private static byte[] changed(byte[] data) {
    var changed = data.clone();
    changed[77] ^= 1;
    return changed;
  }

  private void cacheOld() throws Exception {
    result(read(oldImage, store(old)));
    awaitCached(oldImage);
  }

  private void assertThatItIsReplaced() throws Exception {
    TestingConditions.await(() -> cache.isCached(image), Boolean::booleanValue);
    TestingConditions.await(this::files, files -> files.size() == 1);
    assertThat(Files.readAllBytes(files().getFirst())).isEqualTo(data);
    assertThat(cache.images()).hasSize(1);
    assertThat(registry.get("vitrine.cache.size").gauge().value()).isEqualTo(MIB);
  }

  @Test
  void isReadInsteadOfWhatIsCached() throws Exception {
    cacheOld();

    assertThat(cache.isCached(image)).isFalse();
    assertThat(result(read(image, store(data)))).isEqualTo(data);

    assertThatItIsReplaced();
  }

  @Test
  void isReadInParts() throws Exception {
    cacheOld();

    var part = result(bytes(cache.source(image, Optional.of(new ByteRange(0, 100)), store(data))));

    assertThat(part).isEqualTo(Arrays.copyOf(data, 100));
    assertThat(cache.images()).isEmpty();
    TestingConditions.await(this::files, files -> files.isEmpty());
  }

  @Test
  void isReadByThoseWhoComeWhileTheOldDataIsOnItsWay() throws Exception {
    var answer = Promise.<BlobSource>promise();
    var asked = new CountDownLatch(1);
    var first =
        read(
            oldImage,
            range -> {
              asked.countDown();
              return answer.future();
            });
    asked.await();

    assertThat(result(read(image, store(data)))).isEqualTo(data);
    store(old).read(Optional.empty()).onComplete(answer);
    TestingConditions.await(first::isComplete, Boolean::booleanValue);

    TestingConditions.await(() -> cache.held().isEmpty(), Boolean::booleanValue);
    TestingConditions.await(this::files, files -> files.isEmpty());
    assertThat(result(read(image, store(data)))).isEqualTo(data);
    assertThatItIsReplaced();
  }

  @Test
  void isFetchedWhenItIsQueued() throws Exception {
    cacheOld();

    result(cache.enqueue(image));
    assertThat(result(cache.queued())).containsExactly(id);
    assertThat(result(cache.fetch(image, store(data)))).isEqualTo(FetchOutcome.CACHED);

    assertThatItIsReplaced();
  }

  @Test
  void isNotRefusedForTheOldDatasFailure() throws Exception {
    assertThat(read(oldImage, store(data)).otherwise(new byte[0]))
        .satisfies(failed -> assertThat(result(failed)).isEmpty());

    result(read(image, store(data)));

    assertThatItIsReplaced();
  }

  @Test
  void isReadAfterARestart() throws Exception {
    cacheOld();

    cache.close();
    cache = open(10 * MIB);

    assertThat(result(read(image, store(data)))).isEqualTo(data);
    assertThatItIsReplaced();
  }

  @Test
  void isAloneAfterARestart() throws Exception {
    result(read(image, store(data)));
    awaitCached(image);
    var left = directory.resolve("cache/images").resolve(CacheKey.of(oldImage).orElseThrow() + "");
    Files.setLastModifiedTime(Files.write(left, old), FileTime.from(Instant.EPOCH));

    cache.close();
    cache = open(10 * MIB);

    assertThatItIsReplaced();
  }

  @Test
  void isNotTakenFromFilesThatNameOnlyTheImage() throws Exception {
    Files.write(directory.resolve("cache/images").resolve(id.toString()), old);

    cache.close();
    cache = open(10 * MIB);

    assertThat(files()).isEmpty();
    assertThat(cache.images()).isEmpty();
  }
}
