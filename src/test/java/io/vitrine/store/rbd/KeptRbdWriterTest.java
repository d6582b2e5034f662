package io.vitrine.store.rbd;

import static io.vitrine.store.TestingBlobs.blob;
import static io.vitrine.store.TestingBlobs.random;
import static io.vitrine.store.TestingBlobs.read;
import static io.vitrine.store.TestingBlobs.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vitrine.config.ByteSize;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.store.blob.ResumableWriter;
import io.vitrine.testing.TestingCeph;
import io.vitrine.testing.TestingConditions;
import io.vitrine.transfer.bus.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blobs that take several requests in two processes, each with a connection of its own. */
@Tag("stores")
class KeptRbdWriterTest {
  private static final int BLOCK = 1 << 20;
  private static final byte[] DATA = random(5 * BLOCK + 77);

  private final RbdBlobStore here = store();
  private final RbdBlobStore there = store();
  private final BlobRef blob = blob();

  private static RbdBlobStore store() {
    var deadline = Duration.ofSeconds(20);
    var config =
        new RbdConfig(
            TestingCeph.pool(),
            "admin",
            TestingCeph.confFile(),
            new ByteSize(BLOCK),
            true,
            deadline,
            deadline);
    try {
      return new RbdBlobStore("rbd", config);
    } catch (IOException missing) {
      throw new IllegalStateException(missing);
    }
  }

  @AfterEach
  void leavesNothing() throws IOException {
    TestingConditions.await(
        () -> {
          try {
            here.delete(blob);
          } catch (ProblemException inUse) {
            assertThat(inUse.problem()).isInstanceOf(Problem.Conflict.class);
          }
          return TestingCeph.rbd("ls");
        },
        images -> !images.contains(blob.id().toString()));
    here.close();
    there.close();
  }

  private ResumableWriter resume(RbdBlobStore store, int turn, long offset) throws IOException {
    var writer =
        store.resume(
            blob,
            new Message.Resumption(turn, offset, Optional.empty()),
            OptionalLong.of(DATA.length));
    try {
      writer.start();
      return writer;
    } catch (IOException | RuntimeException failure) {
      writer.abort();
      throw failure;
    }
  }

  private Problem refusal(RbdBlobStore store, int turn, long offset) {
    return catchThrowableOfType(ProblemException.class, () -> resume(store, turn, offset))
        .problem();
  }

  private void assertIsWhole() throws IOException {
    assertThat(read(here, blob)).isEqualTo(DATA);
    assertThat(TestingCeph.rbd("info", blob.id() + "@snap")).contains("protected: True");
  }

  @ParameterizedTest
  @ValueSource(ints = {700_000, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 76})
  void goesOnInAnyProcess(int step) throws IOException {
    int turn = 1;
    int offset = 0;
    for (; offset + step < DATA.length; offset += step) {
      var writer = resume(turn % 2 == 0 ? there : here, turn++, offset);
      write(writer, DATA, offset, offset + step);
      assertThat(writer.keep(true)).isEqualTo(offset + step);
    }
    var last = resume(there, turn, offset);
    write(last, DATA, offset, DATA.length);

    last.commit();

    assertIsWhole();
  }

  @Test
  void countsAllThatHasComeMeanwhile() throws IOException {
    var writer = resume(here, 1, 0);
    write(writer, DATA, 0, BLOCK + 5);

    assertThat(writer.keep(false)).isEqualTo(BLOCK + 5);

    write(writer, DATA, BLOCK + 5, DATA.length);
    writer.commit();
    assertIsWhole();
  }

  @ParameterizedTest
  @CsvSource({"1000, 0", "1000, 999", "3145728, 1048577"})
  void goesOnAtWhatIsRecorded(int kept, int recorded) throws IOException {
    var first = resume(here, 1, 0);
    write(first, random(kept), 0, kept);
    first.abort();
    var second = resume(here, 2, 0);
    write(second, DATA, 0, kept);
    second.keep(true);

    var third = resume(there, 3, recorded);
    write(third, DATA, recorded, DATA.length);
    third.commit();

    assertIsWhole();
  }

  @Test
  void waitsForAnotherProcessThatIsAlive() throws IOException {
    var writer = resume(here, 1, 0);
    write(writer, DATA, 0, BLOCK);

    assertThat(refusal(there, 2, 0)).isInstanceOf(Problem.Locked.class);
    assertThat(refusal(here, 2, 0)).isInstanceOf(Problem.Locked.class);

    write(writer, DATA, BLOCK, DATA.length);
    writer.commit();
    assertIsWhole();
  }

  /** The program of Ceph has the image open as a writer has it. */
  @ParameterizedTest
  @ValueSource(strings = {"STOP", "KILL"})
  void takesOverFromAProcessThatDoesNotAnswer(String signal) throws Exception {
    var first = resume(here, 1, 0);
    write(first, DATA, 0, BLOCK);
    first.keep(true);
    var other = TestingCeph.watch(blob.id().toString());
    try {
      TestingConditions.await(
          () -> TestingCeph.rbd("status", blob.id().toString()), text -> text.contains("watcher="));
      assertThat(refusal(there, 2, BLOCK)).isInstanceOf(Problem.Locked.class);
      new ProcessBuilder("kill", "-" + signal, String.valueOf(other.pid())).start().waitFor();

      var next = resume(there, 3, BLOCK);
      write(next, DATA, BLOCK, DATA.length);
      next.commit();

      assertIsWhole();
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  @Test
  void writesNothingOnceAnotherProcessHasItsTurn() throws IOException {
    var late = resume(here, 1, 0);
    write(late, DATA, 0, BLOCK);
    TestingCeph.rbd("image-meta", "set", blob.id().toString(), "vitrine.turn", "2");

    assertThatThrownBy(() -> write(late, DATA, BLOCK, DATA.length))
        .hasMessageContaining("another process goes on");
    assertThatThrownBy(late::commit).hasMessageContaining("another process goes on");
    assertThat(here.open(blob)).isEmpty();
  }

  @Test
  void saysThatDataIsLost() throws IOException {
    var first = resume(here, 1, 0);
    write(first, DATA, 0, 999);
    first.keep(true);

    var next = resume(there, 2, 999);
    next.abort();

    assertThat(refusal(there, 3, 8L * BLOCK)).isInstanceOf(Problem.Missing.class);
  }
}
