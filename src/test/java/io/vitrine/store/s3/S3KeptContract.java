package io.vitrine.store.s3;

import static io.vitrine.store.TestingBlobs.blob;
import static io.vitrine.store.TestingBlobs.random;
import static io.vitrine.store.TestingBlobs.read;
import static io.vitrine.store.TestingBlobs.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.store.blob.BlobStore.Entry;
import io.vitrine.store.blob.ResumableWriter;
import io.vitrine.testing.TestingConditions;
import io.vitrine.transfer.bus.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blobs in S3 that take several requests, on any server. Parts have 5 MiB. */
@Timeout(120)
abstract class S3KeptContract {
  private static final int PART = S3StoreContract.PART;
  private static final byte[] DATA = random(3 * PART + 77);
  private static final OptionalLong SIZE = OptionalLong.of(DATA.length);

  private BlobRef blob = blob();

  /** The store, the same one throughout a test. */
  abstract S3BlobStore store();

  /** The same store as another process has it. */
  abstract S3BlobStore elsewhere() throws IOException;

  private static ResumableWriter resume(
      S3BlobStore store, BlobRef blob, int turn, long offset, OptionalLong size)
      throws IOException {
    var writer = store.resume(blob, new Message.Resumption(turn, offset, Optional.empty()), size);
    writer.start();
    return writer;
  }

  private ResumableWriter resume(int turn, long offset) throws IOException {
    return resume(store(), blob, turn, offset, SIZE);
  }

  private List<Entry> kept() throws IOException {
    var kept = new ArrayList<Entry>();
    store().visit(kept::add);
    return kept;
  }

  @BeforeEach
  void begin() {
    blob = blob();
  }

  @AfterEach
  void leavesNothing() throws IOException {
    store().delete(blob);
    assertThat(kept()).isEmpty();
    assertThat(store().freeBytes()).isEqualTo(S3StoreContract.PARTS.memory().bytes());
  }

  private void assertIsWhole() throws IOException {
    assertThat(read(store(), blob)).isEqualTo(DATA);
    assertThat(kept()).singleElement().matches(Entry::isCommitted);
  }

  @ParameterizedTest
  @ValueSource(ints = {700_000, PART - 1, PART, PART + 1, 3 * PART, 3 * PART + 76})
  void goesOnInAnyProcess(int step) throws IOException {
    try (var other = elsewhere()) {
      int turn = 1;
      int offset = 0;
      for (; offset + step < DATA.length; offset += step) {
        var writer = resume(turn % 2 == 0 ? other : store(), blob, turn++, offset, SIZE);
        assertThat(writer.isAhead()).isFalse();
        write(writer, DATA, offset, offset + step);
        assertThat(writer.keep(true)).isEqualTo(offset + step);
        assertThat(store().open(blob)).isEmpty();
      }
      var last = resume(turn, offset);
      write(last, DATA, offset, DATA.length);
      last.commit();
    }

    assertIsWhole();
  }

  @Test
  void learnsTheSizeLater() throws IOException {
    var first = resume(store(), blob, 1, 0, OptionalLong.empty());
    write(first, DATA, 0, PART + 9);
    first.keep(true);

    var second = resume(2, PART + 9);
    write(second, DATA, PART + 9, DATA.length);
    second.commit();

    assertIsWhole();
  }

  @Test
  void tellsWhatIsDurableMeanwhile() throws IOException {
    var writer = resume(1, 0);
    write(writer, DATA, 0, PART - 1);
    assertThat(writer.keep(false)).isZero();
    write(writer, DATA, PART - 1, 2 * PART + 5);

    TestingConditions.await(() -> writer.keep(false), bytes -> bytes == 2L * PART);
    assertThat(writer.keep(true)).isEqualTo(2 * PART + 5);

    var next = resume(2, 2 * PART + 5);
    assertThat(next.keep(false)).isEqualTo(2 * PART + 5);
    next.abort();
  }

  /** A process that is killed leaves what it has recorded. */
  @ParameterizedTest
  @CsvSource({"1, 0", "1, 1000000", "2, 5242880", "2, 10485760"})
  void goesOnAtWhatIsRecorded(int parts, int recorded) throws IOException {
    try (var killed = elsewhere()) {
      var first = resume(killed, blob, 1, 0, SIZE);
      write(first, DATA, 0, 1_000_000);
      first.keep(true);
      var second = resume(killed, blob, 2, 1_000_000, SIZE);
      write(second, DATA, 1_000_000, parts * PART + 1);
      TestingConditions.await(() -> second.keep(false), bytes -> bytes == (long) parts * PART);

      var third = resume(3, recorded);
      write(third, DATA, recorded, DATA.length);
      third.commit();
      second.abort();
    }

    assertIsWhole();
  }

  /** It has sent parts that nobody has recorded, and sends others while the next one is at work. */
  @Test
  void isNotSpoiltByAProcessThatWasTakenForDead() throws IOException {
    try (var woken = elsewhere()) {
      var late = resume(woken, blob, 1, 0, SIZE);
      write(late, DATA, 0, 2 * PART + 1);
      TestingConditions.await(() -> late.keep(false), bytes -> bytes == 2L * PART);

      var next = resume(2, PART);
      write(next, DATA, PART, 3 * PART);
      write(late, DATA, 2 * PART + 1, 3 * PART + 1);
      assertThat(late.keep(true)).isEqualTo(3 * PART + 1);
      write(next, DATA, 3 * PART, DATA.length);
      next.commit();
    }

    assertIsWhole();
  }

  @Test
  void completesNothingWithForeignParts() throws IOException {
    try (var woken = elsewhere()) {
      var late = resume(woken, blob, 1, 0, SIZE);
      write(late, DATA, 0, PART + 1);
      TestingConditions.await(() -> late.keep(false), bytes -> bytes == PART);

      var next = resume(2, PART);
      write(next, DATA, PART, DATA.length);
      TestingConditions.await(() -> next.keep(false), bytes -> bytes == 3L * PART);
      write(late, random(2 * PART), 0, 2 * PART);
      late.keep(true);

      assertThatThrownBy(next::commit).isInstanceOf(IOException.class);
    }

    assertThat(store().open(blob)).isEmpty();
  }

  @Test
  void readsTheDataOnceItIsThere() throws IOException {
    var first = resume(1, 0);
    write(first, DATA, 0, PART + 9);
    first.keep(true);
    var second = resume(2, PART + 9);
    assertThat(second.file()).isEmpty();
    write(second, DATA, PART + 9, DATA.length);

    try (var reader = second.seal()) {
      S3StoreContract.assertThatIs(reader, DATA, 0, DATA.length);
    }
    second.commit();

    assertIsWhole();
  }

  /** The object is there, but the catalog does not know it. */
  @Test
  void goesOnWithAWholeObject() throws IOException {
    var first = resume(1, 0);
    write(first, DATA, 0, PART + 9);
    first.keep(true);
    var second = resume(2, PART + 9);
    write(second, DATA, PART + 9, DATA.length);
    second.seal().close();
    second.abort();

    int offset = DATA.length - 1;
    var third = resume(3, offset);
    assertThat(third.isAhead()).isTrue();
    assertThat(third.keep(false)).isEqualTo(offset);
    write(third, DATA, offset, DATA.length);
    try (var reader = third.seal()) {
      S3StoreContract.assertThatIs(reader, DATA, 0, DATA.length);
    }
    third.commit();

    assertIsWhole();
  }

  /** The last byte counts only with the commit, so the client sends it again. */
  @Test
  void knowsTheLastByteOfAPartTwice() throws IOException {
    var first = resume(store(), blob, 1, 0, OptionalLong.empty());
    write(first, DATA, 0, PART);
    assertThat(first.keep(true)).isEqualTo(PART);

    var second = resume(store(), blob, 2, PART - 1, OptionalLong.of(PART));
    assertThat(second.isAhead()).isTrue();
    write(second, DATA, PART - 1, PART);
    second.commit();

    S3StoreContract.assertThatIs(store().open(blob).orElseThrow(), DATA, 0, PART);
    assertThat(kept()).singleElement().matches(Entry::isCommitted);
  }

  @Test
  void keepsNothingOfABlobThatIsDeleted() throws IOException {
    var first = resume(1, 0);
    write(first, DATA, 0, PART + 9);
    first.keep(true);
    assertThat(kept()).hasSize(2).noneMatch(Entry::isCommitted);
    var second = resume(2, PART + 9);
    write(second, DATA, PART + 9, 2 * PART);

    assertThat(store().delete(blob)).isTrue();

    assertThat(kept()).isEmpty();
    assertThatThrownBy(() -> second.keep(true)).isInstanceOf(IOException.class);
    second.abort();
  }

  @ParameterizedTest
  @ValueSource(longs = {1000, PART + 8, 2 * PART})
  void saysThatDataIsLost(long offset) throws IOException {
    var first = resume(1, 0);
    first.write(ByteBuffer.wrap(DATA, 0, 999));
    first.keep(true);

    var failure = catchThrowableOfType(ProblemException.class, () -> resume(2, offset));

    assertThat(failure.problem()).isInstanceOf(Problem.Missing.class);
  }

  @Test
  void waitsForAWriterOfTheSameProcess() throws IOException {
    var first = resume(1, 0);

    var failure = catchThrowableOfType(ProblemException.class, () -> resume(2, 0));

    assertThat(failure.problem()).isInstanceOf(Problem.Locked.class);
    first.abort();
  }
}
