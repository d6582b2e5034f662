package io.vitrine.store.rbd;

import static io.vitrine.store.TestingBlobs.random;
import static io.vitrine.store.TestingBlobs.read;
import static io.vitrine.store.TestingBlobs.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.store.KeptBlobContract;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.testing.TestingCeph;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The two processes have connections of their own. */
@Tag("stores")
class KeptRbdBlobTest extends KeptBlobContract {
  private static final int BLOCK = 1 << 20;
  private static final byte[] DATA = random(5 * BLOCK + 77);

  private final RbdBlobStore here = store();
  private final RbdBlobStore there = store();

  KeptRbdBlobTest() {
    super(BLOCK, DATA);
  }

  @Override
  protected BlobStore here() {
    return here;
  }

  @Override
  protected BlobStore there() {
    return there;
  }

  private static RbdBlobStore store() {
    return TestingRbd.store("rbd", BLOCK);
  }

  @AfterEach
  void leavesNothing() throws IOException {
    TestingConditions.await(
        () -> {
          try {
            here.delete(blob());
          } catch (ProblemException inUse) {
            assertThat(inUse.problem()).isInstanceOf(Problem.Conflict.class);
          }
          return TestingCeph.rbd("ls");
        },
        images -> !images.contains(blob().id().toString()));
    here.close();
    there.close();
  }

  /** Images of other tests may be in the pool, such as those that are in use. */
  @Override
  protected void assertIsWhole() throws IOException {
    assertThat(read(here, blob())).isEqualTo(DATA);
    assertThat(TestingCeph.rbd("info", blob().id() + "@snap")).contains("protected: True");
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
    var other = TestingCeph.watch(blob().id().toString());
    try {
      TestingConditions.await(
          () -> TestingCeph.rbd("status", blob().id().toString()),
          text -> text.contains("watcher="));
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
    TestingCeph.rbd("image-meta", "set", blob().id().toString(), "vitrine.turn", "2");

    assertThatThrownBy(() -> write(late, DATA, BLOCK, DATA.length))
        .hasMessageContaining("another process goes on");
    assertThatThrownBy(late::commit).hasMessageContaining("another process goes on");
    assertThat(here.open(blob())).isEmpty();
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
