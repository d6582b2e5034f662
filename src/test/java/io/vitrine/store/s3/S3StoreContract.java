package io.vitrine.store.s3;

import static io.vitrine.store.TestingBlobs.blob;
import static io.vitrine.store.TestingBlobs.put;
import static io.vitrine.store.TestingBlobs.random;
import static io.vitrine.store.TestingBlobs.read;
import static io.vitrine.store.TestingBlobs.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Secret;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.store.BlobStoreContract;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.BlobWriter;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingDaemon;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store in S3 must do too, on any server. Parts have 5 MiB; there is memory for three. */
@Timeout(120)
abstract class S3StoreContract extends BlobStoreContract {
  static final int PART = 5 << 20;
  static final S3Config.Parts PARTS =
      new S3Config.Parts(new ByteSize(PART), new ByteSize(3L * PART), 2);
  static final long LARGEST_BYTES = 1L << 40;
  private static final byte[] DATA = random(3 * PART + 1);

  private final BlobRef blob = blob();

  /** The server, its bucket and its keys; parts are those above. */
  abstract S3Config config();

  @Override
  public abstract S3BlobStore store();

  /** The server, which can be out of order. */
  abstract TestingDaemon server();

  /** The same store as another node has it. */
  S3BlobStore elsewhere() throws IOException {
    return S3BlobStore.open("fast", config(), LARGEST_BYTES);
  }

  private S3BlobStore elsewhere(String bucket, S3Config.Keys keys) throws IOException {
    return elsewhere(bucket, keys, config().readTimeout());
  }

  private S3BlobStore elsewhere(Duration patience) throws IOException {
    return elsewhere(config().bucket(), config().keys(), patience);
  }

  private S3BlobStore elsewhere(String bucket, S3Config.Keys keys, Duration patience)
      throws IOException {
    var right = config();
    return S3BlobStore.open(
        "fast",
        new S3Config(
            right.endpoint(),
            right.region(),
            bucket,
            right.prefix(),
            keys,
            right.pathStyle(),
            right.caFile(),
            right.parts(),
            right.connectTimeout(),
            patience),
        LARGEST_BYTES);
  }

  @Override
  public boolean isEmpty() throws IOException {
    return kept().isEmpty() && store().freeBytes() == PARTS.memory().bytes();
  }

  @Override
  public boolean keepsWhatIsRead() {
    return false;
  }

  static void assertThatIs(BlobReader reader, byte[] data, int from, int length)
      throws IOException {
    var read = ByteBuffer.allocate(length);
    while (read.hasRemaining() && reader.read(read, from + (long) read.position()) > 0) {
      assertThat(read.position()).isPositive();
    }
    assertThat(read.hasRemaining()).isFalse();
    assertThat(read.flip()).isEqualTo(ByteBuffer.wrap(data, from, length));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1,
        (1 << 20) - 1,
        1 << 20,
        (1 << 20) + 1,
        PART - 1,
        PART,
        PART + 1,
        2 * PART,
        2 * PART + 1
      })
  void keepsBlobsOfAnySize(int size) throws IOException {
    var expected = store().begin(blob, OptionalLong.of(size));
    var unexpected = blob();

    write(expected, DATA, 0, size);
    expected.commit();
    var other = store().begin(unexpected, OptionalLong.empty());
    write(other, DATA, 0, size);
    other.commit();

    for (var each : List.of(blob, unexpected)) {
      try (var reader = store().open(each).orElseThrow()) {
        assertThat(reader.sizeBytes()).isEqualTo(size);
        assertThatIs(reader, DATA, 0, size);
        assertThat(reader.read(ByteBuffer.allocate(1), size)).isEqualTo(-1);
      }
      assertThat(store().delete(each)).isTrue();
    }
  }

  @Test
  void readsAnywhere() throws IOException {
    put(store(), blob, DATA);

    try (var reader = store().open(blob).orElseThrow()) {
      assertThatIs(reader, DATA, 2 * PART - 1, 4);
      assertThatIs(reader, DATA, 2 * PART + 3, 100_000);
      assertThatIs(reader, DATA, 0, 1);
      assertThatIs(reader, DATA, DATA.length - 1, 1);
      assertThatIs(reader, DATA, PART, PART);
    }

    store().delete(blob);
  }

  /** Whole parts of zeros, and others that begin or end with zeros. */
  static byte[] sparse() {
    var data = random(6 * PART + 3);
    Arrays.fill(data, 0, PART + 1000, (byte) 0);
    Arrays.fill(data, 2 * PART + 2_000_000, 5 * PART + 1, (byte) 0);
    return data;
  }

  @Test
  void keepsZeros() throws IOException {
    for (var data : List.of(sparse(), new byte[3 * PART], new byte[2 * PART + 1], new byte[7])) {
      put(store(), blob, data);

      try (var reader = store().open(blob).orElseThrow()) {
        assertThat(reader.sizeBytes()).isEqualTo(data.length);
        assertThatIs(reader, data, 0, data.length);
      }
      store().delete(blob);
    }
  }

  @Test
  void readsIntoMemoryOutsideOfTheHeap() throws IOException {
    put(store(), blob, DATA);
    var target = ByteBuffer.allocateDirect(1000);

    try (var reader = store().open(blob).orElseThrow()) {
      while (target.hasRemaining()) {
        assertThat(reader.read(target, 77L + target.position())).isPositive();
      }
    }

    assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(DATA, 77, 1000));
    store().delete(blob);
  }

  @Test
  void givesUpWhatHasPartsAlready() throws IOException {
    var writer = store().begin(blob, OptionalLong.empty());
    write(writer, DATA, 0, DATA.length);
    assertThat(kept())
        .singleElement()
        .satisfies(
            unfinished -> {
              assertThat(unfinished.blob()).isEqualTo(blob.id());
              assertThat(unfinished.isCommitted()).isFalse();
            });

    writer.abort();

    assertThat(store().open(blob)).isEmpty();
  }

  @Test
  void removesWhatAnotherNodeLeftBehind() throws IOException {
    try (var elsewhere = elsewhere()) {
      var writer = store().begin(blob, OptionalLong.empty());
      write(writer, DATA, 0, 2 * PART + 1);
      TestingConditions.await(this::kept, kept -> !kept.isEmpty());

      assertThat(elsewhere.delete(blob)).isTrue();

      assertThatThrownBy(writer::commit).isInstanceOf(IOException.class);
      assertThat(store().open(blob)).isEmpty();
    }
  }

  @Test
  void readsWhatAnotherNodeWrote() throws IOException {
    put(store(), blob, DATA);

    try (var elsewhere = elsewhere();
        var reader = elsewhere.open(blob).orElseThrow()) {
      assertThatIs(reader, DATA, 0, DATA.length);
      assertThat(elsewhere.delete(blob)).isTrue();
    }
  }

  /** The writers wait for memory that a slow server may free late. */
  @Test
  @Timeout(300)
  void sharesLittleMemoryBetweenManyWriters() throws Exception {
    try (var patient = elsewhere(Duration.ofMinutes(2));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers = Stream.generate(() -> keeping(patient, blob())).limit(12).toList();
      for (var done : threads.invokeAll(writers)) {
        assertThat(done.get()).isTrue();
      }
    }
  }

  /** Writes and reads a blob, of which nothing stays whatever happens. */
  private static Callable<Boolean> keeping(S3BlobStore store, BlobRef each) {
    return () -> {
      try {
        put(store, each, DATA);
        return Arrays.equals(read(store, each), DATA);
      } finally {
        store.delete(each);
      }
    };
  }

  @Test
  void tellsAWriterToComeLaterWhenOthersKeepTheMemory() throws IOException {
    var slow = new ArrayList<BlobWriter>();
    for (int each = 0; each < 3; each++) {
      slow.add(store().begin(blob(), OptionalLong.empty()));
      slow.getLast().write(ByteBuffer.wrap(DATA, 0, 1));
    }
    var late = store().begin(blob, OptionalLong.empty());

    assertThatThrownBy(() -> late.write(ByteBuffer.wrap(DATA, 0, 1)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure -> assertThat(failure.problem()).isInstanceOf(Problem.Unavailable.class));

    slow.getFirst().abort();
    late.write(ByteBuffer.wrap(DATA, 0, PART));
    slow.forEach(BlobWriter::abort);
    late.abort();
  }

  @Test
  void takesASmallBlobWithLittleMemory() throws IOException {
    var slow = new ArrayList<BlobWriter>();
    for (int each = 0; each < 15; each++) {
      slow.add(store().begin(blob(), OptionalLong.of(100)));
      slow.getLast().write(ByteBuffer.wrap(DATA, 0, 100));
    }

    assertThat(store().freeBytes()).isZero();
    slow.forEach(BlobWriter::abort);
  }

  @Test
  void saysThatThereIsNoSuchBucket() throws IOException {
    try (var wrong = elsewhere("no-such-bucket", config().keys())) {
      assertThatThrownBy(wrong::check).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> wrong.begin(blob, OptionalLong.empty()).commit())
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void failsWithoutTellingTheKey() throws IOException {
    var keys = new S3Config.Keys(config().keys().accessKey(), new Secret("another-secret"));
    try (var wrong = elsewhere(config().bucket(), keys)) {
      assertThatThrownBy(wrong::check)
          .isInstanceOf(IOException.class)
          .hasStackTraceContaining("403")
          .satisfies(
              failure ->
                  assertThat(failure.getMessage() + failure.getCause())
                      .doesNotContain("another-secret"));
    }
  }

  @Test
  void isTheSameForAllNodes() {
    assertThat(store().isShared()).isTrue();
  }

  @Test
  void survivesARestartOfTheServerInTheMiddleOfAnUpload() throws Exception {
    var data = random(4 * PART + 7);
    var writer = store().begin(blob, OptionalLong.empty());
    write(writer, data, 0, 2 * PART + 1);

    server().stop();
    var rest =
        CompletableFuture.runAsync(
            () -> {
              try {
                write(writer, data, 2 * PART + 1, data.length);
                writer.commit();
              } catch (IOException failure) {
                throw new IllegalStateException(failure);
              }
            });
    server().start();
    TestingConditions.await(rest::isDone, done -> done);

    rest.join();
    assertThat(read(store(), blob)).isEqualTo(data);
    store().delete(blob);
  }

  @Test
  void survivesARestartOfTheServerInTheMiddleOfADownload() throws Exception {
    var data = random(8 * PART);
    put(store(), blob, data);
    try (var reader = store().open(blob).orElseThrow()) {
      assertThatIs(reader, data, 0, PART);

      server().stop();
      server().start();

      assertThatIs(reader, data, PART, data.length - PART);
    }
    store().delete(blob);
  }

  @Test
  void neverJoinsTheBytesOfTwoObjects() throws Exception {
    var data = random(8 * PART);
    put(store(), blob, data);
    try (var reader = store().open(blob).orElseThrow()) {
      assertThatIs(reader, data, 0, 1);
      store().delete(blob);
      put(store(), blob, random(8 * PART - 1));

      assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1), 5 * PART))
          .isInstanceOf(IOException.class);
    }
    store().delete(blob);
  }

  @Test
  void givesUpOnAServerThatHangs() throws Exception {
    var patience = Duration.ofMillis(500);
    try (var hasty = elsewhere(patience)) {
      var writer = hasty.begin(blob, OptionalLong.empty());
      write(writer, random(10), 0, 10);

      server().freeze();
      try {
        long start = System.nanoTime();
        assertThatThrownBy(writer::commit).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> hasty.open(blob)).isInstanceOf(IOException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .isLessThan(patience.multipliedBy(12));
      } finally {
        server().thaw();
      }

      // What waited in the hanging server may be done only now, though nobody asks for it any more.
      server().stop();
      server().start();
      store().delete(blob);
    }
  }
}
