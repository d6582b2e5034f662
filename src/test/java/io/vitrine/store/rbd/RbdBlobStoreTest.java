package io.vitrine.store.rbd;

import static io.vitrine.store.TestingBlobs.blob;
import static io.vitrine.store.TestingBlobs.put;
import static io.vitrine.store.TestingBlobs.random;
import static io.vitrine.store.TestingBlobs.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.store.BlobStoreContract;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.testing.TestingCeph;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("stores")
class RbdBlobStoreTest extends BlobStoreContract {
  private static final int OBJECT_BYTES = 1 << 20;
  private static final Duration DEADLINE = Duration.ofSeconds(3);

  private static final RbdBlobStore store = store("rbd", true);

  private final BlobRef blob = blob();

  private static RbdBlobStore store(String id, boolean isThin) {
    return TestingRbd.store(id, OBJECT_BYTES, isThin, DEADLINE);
  }

  @AfterAll
  static void disconnect() {
    store.close();
  }

  @Override
  public BlobStore store() {
    return store;
  }

  @Override
  public boolean isEmpty() throws IOException {
    return TestingCeph.rbd("ls").isEmpty();
  }

  /** The cluster would give zeros for what is gone, so the data stays until nobody reads it. */
  @Override
  @Test
  public void deletesABlobThatIsBeingRead() throws IOException {
    put(store, blob, "still here".getBytes(UTF_8));
    try (var reader = store.open(blob).orElseThrow()) {
      assertConflict(blob);

      assertThat(reader.read(ByteBuffer.allocate(10), 0)).isEqualTo(10);
    }
    store.delete(blob);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        65535,
        65536,
        65537,
        OBJECT_BYTES - 1,
        OBJECT_BYTES,
        OBJECT_BYTES + 1,
        5 * OBJECT_BYTES + 12345
      })
  void keepsBytesOfAnySizeAsTheProgramOfCephSeesThem(int size, @TempDir Path directory)
      throws IOException {
    var data = random(size);
    var exported = directory.resolve("exported");

    put(store, blob, data);

    TestingCeph.rbd("export", blob.id() + "@snap", exported.toString());
    assertThat(Files.readAllBytes(exported)).isEqualTo(data);
    assertThat(read(store, blob)).isEqualTo(data);
    store.delete(blob);
  }

  @Test
  void makesAnImageThatCanBeCloned() throws IOException {
    put(store, blob, random(OBJECT_BYTES), OptionalLong.of(OBJECT_BYTES));

    assertThat(TestingCeph.rbd("info", blob.id() + "@snap"))
        .contains("size 1 MiB in 1 objects")
        .contains("features: layering")
        .contains("protected: True");
    store.delete(blob);
  }

  @Test
  void readsFromAnyPosition() throws IOException {
    var data = random(3 * OBJECT_BYTES + 17);
    put(store, blob, data, OptionalLong.of(data.length));
    try (var reader = store.open(blob).orElseThrow()) {
      for (int position : new int[] {0, 1, OBJECT_BYTES - 1, 2 * OBJECT_BYTES, data.length - 1}) {
        int count = Math.min(100, data.length - position);

        assertThat(read(reader, position, count))
            .isEqualTo(Arrays.copyOfRange(data, position, position + count));
      }
      assertThat(reader.read(ByteBuffer.allocate(1), data.length)).isEqualTo(-1);
    }
    store.delete(blob);
  }

  @Test
  void takesNoSpaceForZeros() throws IOException {
    var data = new byte[40 * OBJECT_BYTES];
    data[20 * OBJECT_BYTES] = 1;

    put(store, blob, data);

    assertThat(read(store, blob)).isEqualTo(data);
    assertThat(TestingCeph.rbd("du", "--format", "json", blob.id() + "@snap"))
        .contains("\"provisioned_size\":" + data.length)
        .contains("\"used_size\":" + OBJECT_BYTES);
    store.delete(blob);
  }

  @Test
  void writesZerosUnlessItIsThin() throws IOException {
    try (var thick = store("rbd", false)) {
      var writer = thick.begin(blob, OptionalLong.empty());
      writer.write(ByteBuffer.allocate(4 * OBJECT_BYTES));
      writer.commit();

      assertThat(TestingCeph.rbd("du", "--format", "json", blob.id() + "@snap"))
          .contains("\"used_size\":" + 4 * OBJECT_BYTES);
      thick.delete(blob);
    }
  }

  @Test
  void keepsWhatHasBeenCloned() throws IOException {
    var data = random(OBJECT_BYTES);
    put(store, blob, data);
    var clone = TestingCeph.pool() + "/clone";
    TestingCeph.rbd("clone", "--rbd-default-clone-format", "1", blob.id() + "@snap", clone);

    assertConflict(blob);

    assertThat(read(store, blob)).isEqualTo(data);
    TestingCeph.rbd("rm", "--no-progress", clone);
    assertThat(store.delete(blob)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void isInUseWhileThereIsAClone(String format) throws IOException {
    put(store, blob, random(OBJECT_BYTES));
    assertThat(store.isInUse(blob)).isFalse();
    var clone = TestingCeph.pool() + "/clone";
    TestingCeph.rbd("clone", "--rbd-default-clone-format", format, blob.id() + "@snap", clone);

    assertThat(store.isInUse(blob)).isTrue();

    TestingCeph.rbd("rm", "--no-progress", clone);
    assertThat(store.isInUse(blob)).isFalse();
    store.delete(blob);
    assertThat(store.isInUse(blob)).isFalse();
  }

  @Test
  void putsAnImageWithSnapshotsOfOthersInTheTrash() throws IOException {
    put(store, blob, random(100));
    TestingCeph.rbd("snap", "create", "--no-progress", blob.id() + "@mine");

    assertThat(store.delete(blob)).isTrue();

    assertThat(store.open(blob)).isEmpty();
    var trash = TestingCeph.rbd("trash", "ls");
    assertThat(trash).contains(blob.id().toString());
    var image = trash.substring(0, trash.indexOf(' '));
    TestingCeph.rbd("snap", "purge", "--no-progress", "--image-id", image);
    TestingCeph.rbd("trash", "rm", "--no-progress", image);
  }

  /** The garbage of all processes is collected by each of them. */
  @RepeatedTest(5)
  void leavesNothingWhenTwoProcessesDelete() throws Exception {
    put(store, blob, random(9 * OBJECT_BYTES));
    try (var other = store("rbd", true);
        var processes = Executors.newVirtualThreadPerTaskExecutor()) {
      var here = processes.submit(() -> deleteUntilItIsGone(store));
      var there = processes.submit(() -> deleteUntilItIsGone(other));

      assertThat(List.of(here.get(), there.get())).contains(true);
    }
    assertThat(TestingCeph.rbd("ls")).doesNotContain(blob.id().toString());
  }

  private boolean deleteUntilItIsGone(BlobStore from) {
    return TestingConditions.await(() -> delete(from), Optional::isPresent).orElseThrow();
  }

  /** Empty if another one is about to. */
  private Optional<Boolean> delete(BlobStore from) throws IOException {
    try {
      return Optional.of(from.delete(blob));
    } catch (ProblemException inUse) {
      assertThat(inUse.problem()).isInstanceOf(Problem.Conflict.class);
      return Optional.empty();
    }
  }

  @Test
  void visitsOnlyWhatIsItsOwn() throws IOException {
    var unfinished = blob();
    put(store, blob, random(1000));
    var writer = store.begin(unfinished, OptionalLong.of(5));
    var foreign = UUID.randomUUID().toString();
    TestingCeph.rbd("create", "--size", "1", foreign);
    var seen = new ArrayList<BlobStore.Entry>();

    store.visit(seen::add);

    assertThat(seen)
        .extracting(BlobStore.Entry::blob, BlobStore.Entry::sizeBytes, BlobStore.Entry::isCommitted)
        .containsExactlyInAnyOrder(
            tuple(blob.id(), 1000L, true), tuple(unfinished.id(), 5L, false));
    writer.abort();
    store.delete(blob);
    TestingCeph.rbd("rm", "--no-progress", foreign);
  }

  @Test
  void endsByItsDeadlineWhenTheClusterHangs() throws IOException {
    put(store, blob, random(OBJECT_BYTES));
    var other = blob();
    var writer = store.begin(other, OptionalLong.of(OBJECT_BYTES));
    try (var reader = store.open(blob).orElseThrow();
        var frozen = TestingCeph.freeze(TestingCeph.OSD)) {
      assertThatThrownBy(() -> writer.write(ByteBuffer.wrap(random(OBJECT_BYTES))))
          .hasMessageContaining("timed out");
      assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1), 0))
          .hasMessageContaining("timed out");
      assertThat(frozen).isNotNull();
    }
    writer.abort();
    store.delete(blob);
  }

  @Test
  void goesOnAfterARestartOfTheCluster() throws IOException {
    try (var patient = TestingRbd.store("rbd", OBJECT_BYTES, true, Duration.ofMinutes(1))) {
      var data = random(6 * OBJECT_BYTES);
      var writer = patient.begin(blob, OptionalLong.empty());
      writer.write(ByteBuffer.wrap(data, 0, 3 * OBJECT_BYTES));

      TestingCeph.restart(TestingCeph.OSD);

      writer.write(ByteBuffer.wrap(data, 3 * OBJECT_BYTES, 3 * OBJECT_BYTES));
      writer.commit();
      assertThat(read(store, blob)).isEqualTo(data);
      patient.delete(blob);
    }
  }

  @Test
  void saysWhatItIs() throws IOException {
    store.check();

    assertThat(store.id()).isEqualTo("rbd");
  }

  private static void assertConflict(BlobRef blob) {
    assertThatThrownBy(() -> store.delete(blob))
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure -> assertThat(failure.problem()).isInstanceOf(Problem.Conflict.class));
  }
}
