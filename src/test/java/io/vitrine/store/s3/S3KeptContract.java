package io.vitrine.store.s3;

import static io.vitrine.store.TestingBlobs.random;
import static io.vitrine.store.TestingBlobs.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.image.problem.Problem;
import io.vitrine.store.KeptBlobContract;
import io.vitrine.store.blob.BlobStore.Entry;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
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
abstract class S3KeptContract extends KeptBlobContract {
  private static final int PART = S3StoreContract.PART;
  private static final byte[] DATA = random(3 * PART + 77);

  private S3BlobStore there;

  S3KeptContract() {
    super(PART, DATA);
  }

  /** The store, the same one throughout a test. */
  abstract S3BlobStore store();

  /** The same store as another process has it. */
  abstract S3BlobStore elsewhere() throws IOException;

  @Override
  protected S3BlobStore here() {
    return store();
  }

  @Override
  protected S3BlobStore there() {
    return there;
  }

  @BeforeEach
  void begin() throws IOException {
    there = elsewhere();
  }

  @AfterEach
  void leavesNothing() throws IOException {
    there.close();
    store().delete(blob());
    assertThat(kept()).isEmpty();
    assertThat(store().freeBytes()).isEqualTo(S3StoreContract.PARTS.memory().bytes());
  }

  @Test
  void learnsTheSizeLater() throws IOException {
    var first = resume(store(), 1, 0, OptionalLong.empty());
    write(first, DATA, 0, PART + 9);
    first.keep(true);

    var second = resume(store(), 2, PART + 9);
    write(second, DATA, PART + 9, DATA.length);
    second.commit();

    assertIsWhole();
  }

  @Test
  void tellsWhatIsDurableMeanwhile() throws IOException {
    var writer = resume(store(), 1, 0);
    write(writer, DATA, 0, PART - 1);
    assertThat(writer.keep(false)).isZero();
    write(writer, DATA, PART - 1, 2 * PART + 5);

    TestingConditions.await(() -> writer.keep(false), bytes -> bytes == 2L * PART);
    assertThat(writer.keep(true)).isEqualTo(2 * PART + 5);

    var next = resume(store(), 2, 2 * PART + 5);
    assertThat(next.keep(false)).isEqualTo(2 * PART + 5);
    next.abort();
  }

  /** A process that is killed leaves what it has recorded. */
  @ParameterizedTest
  @CsvSource({"1, 0", "1, 1000000", "2, 5242880", "2, 10485760"})
  void goesOnAtWhatIsRecorded(int parts, int recorded) throws IOException {
    var first = resume(there, 1, 0);
    write(first, DATA, 0, 1_000_000);
    first.keep(true);
    var second = resume(there, 2, 1_000_000);
    write(second, DATA, 1_000_000, parts * PART + 1);
    TestingConditions.await(() -> second.keep(false), bytes -> bytes == (long) parts * PART);

    var third = resume(store(), 3, recorded);
    write(third, DATA, recorded, DATA.length);
    third.commit();
    second.abort();

    assertIsWhole();
  }

  /** It has sent parts that nobody has recorded, and sends others while the next one is at work. */
  @Test
  void isNotSpoiltByAProcessThatWasTakenForDead() throws IOException {
    var late = resume(there, 1, 0);
    write(late, DATA, 0, 2 * PART + 1);
    TestingConditions.await(() -> late.keep(false), bytes -> bytes == 2L * PART);

    var next = resume(store(), 2, PART);
    write(next, DATA, PART, 3 * PART);
    write(late, DATA, 2 * PART + 1, 3 * PART + 1);
    assertThat(late.keep(true)).isEqualTo(3 * PART + 1);
    write(next, DATA, 3 * PART, DATA.length);
    next.commit();

    assertIsWhole();
  }

  @Test
  void completesNothingWithForeignParts() throws IOException {
    var late = resume(there, 1, 0);
    write(late, DATA, 0, PART + 1);
    TestingConditions.await(() -> late.keep(false), bytes -> bytes == PART);

    var next = resume(store(), 2, PART);
    write(next, DATA, PART, DATA.length);
    TestingConditions.await(() -> next.keep(false), bytes -> bytes == 3L * PART);
    write(late, random(2 * PART), 0, 2 * PART);
    late.keep(true);

    assertThatThrownBy(next::commit).isInstanceOf(IOException.class);

    assertThat(store().open(blob())).isEmpty();
  }

  @Test
  void readsTheDataOnceItIsThere() throws IOException {
    var first = resume(store(), 1, 0);
    write(first, DATA, 0, PART + 9);
    first.keep(true);
    var second = resume(store(), 2, PART + 9);
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
    var first = resume(store(), 1, 0);
    write(first, DATA, 0, PART + 9);
    first.keep(true);
    var second = resume(store(), 2, PART + 9);
    write(second, DATA, PART + 9, DATA.length);
    second.seal().close();
    second.abort();

    int offset = DATA.length - 1;
    var third = resume(store(), 3, offset);
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
    var first = resume(store(), 1, 0, OptionalLong.empty());
    write(first, DATA, 0, PART);
    assertThat(first.keep(true)).isEqualTo(PART);

    var second = resume(store(), 2, PART - 1, OptionalLong.of(PART));
    assertThat(second.isAhead()).isTrue();
    write(second, DATA, PART - 1, PART);
    second.commit();

    S3StoreContract.assertThatIs(store().open(blob()).orElseThrow(), DATA, 0, PART);
    assertThat(kept()).singleElement().matches(Entry::isCommitted);
  }

  @Test
  void keepsNothingOfABlobThatIsDeleted() throws IOException {
    var first = resume(store(), 1, 0);
    write(first, DATA, 0, PART + 9);
    first.keep(true);
    assertThat(kept()).hasSize(2).noneMatch(Entry::isCommitted);
    var second = resume(store(), 2, PART + 9);
    write(second, DATA, PART + 9, 2 * PART);

    assertThat(store().delete(blob())).isTrue();

    assertThat(kept()).isEmpty();
    assertThatThrownBy(() -> second.keep(true)).isInstanceOf(IOException.class);
    second.abort();
  }

  @ParameterizedTest
  @ValueSource(longs = {1000, PART + 8, 2 * PART})
  void saysThatDataIsLost(long offset) throws IOException {
    var first = resume(store(), 1, 0);
    write(first, DATA, 0, 999);
    first.keep(true);

    assertThat(refusal(store(), 2, offset)).isInstanceOf(Problem.Missing.class);
  }
}
