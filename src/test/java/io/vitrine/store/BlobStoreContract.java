package io.vitrine.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.blob.ResumableWriter;
import io.vitrine.transfer.bus.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store must do. A test that does not delete its blobs fails. */
public abstract class BlobStoreContract {
  private final BlobRef blob = TestingBlobs.blob();

  /** The store, the same one throughout a test. */
  public abstract BlobStore store();

  /** Whether the store holds nothing at all, not even a blob that was never committed. */
  public boolean isEmpty() throws IOException {
    return kept().isEmpty();
  }

  /** All that the store holds. */
  public List<BlobStore.Entry> kept() throws IOException {
    var kept = new ArrayList<BlobStore.Entry>();
    store().visit(kept::add);
    return kept;
  }

  /** Whether the blobs lie in files of this machine. */
  public boolean keepsFiles() {
    return false;
  }

  /** Whether a blob that is deleted stays for those who have opened it before. */
  public boolean keepsWhatIsRead() {
    return true;
  }

  @AfterEach
  void leavesNothing() throws IOException {
    assertThat(isEmpty()).isTrue();
  }

  @Test
  void showsABlobOnceItIsCommitted() throws IOException {
    var writer = store().begin(blob, OptionalLong.empty());
    writer.write(bytes("one "));
    writer.write(bytes("two"));
    assertThat(isVisible(blob)).isFalse();

    writer.commit();

    assertThat(content(blob)).isEqualTo("one two");
    assertThat(store().file(blob).isPresent()).isEqualTo(keepsFiles());
    store().file(blob).ifPresent(file -> assertThat(file).hasContent("one two"));
    store().delete(blob);
  }

  @Test
  void namesOnlyAFileWithAllThatIsWritten() throws IOException {
    var writer = store().begin(blob, OptionalLong.empty());
    writer.write(bytes("one "));
    writer.write(bytes("two"));

    writer.file().ifPresent(file -> assertThat(file).hasContent("one two"));

    writer.abort();
  }

  @Test
  void showsWhatLiesHere() throws IOException {
    var committed = store().begin(blob, OptionalLong.empty());
    committed.write(bytes("12345"));
    committed.commit();
    var kept = new ArrayList<BlobStore.Entry>();

    store().visit(kept::add);

    assertThat(kept).hasSize(1);
    assertThat(kept.getFirst().blob()).isEqualTo(blob.id());
    assertThat(kept.getFirst().sizeBytes()).isEqualTo(5);
    assertThat(kept.getFirst().isCommitted()).isTrue();
    assertThat(kept.getFirst().changedAt()).isCloseTo(Instant.now(), within(5, ChronoUnit.MINUTES));
    store().delete(blob);
  }

  @Test
  void works() throws IOException {
    store().check();
  }

  @Test
  void keepsAnEmptyBlob() throws IOException {
    store().begin(blob, OptionalLong.empty()).commit();

    assertThat(content(blob)).isEmpty();
    store().delete(blob);
  }

  @Test
  void takesAllRemainingBytes() throws IOException {
    var writer = store().begin(blob, OptionalLong.empty());
    var data = bytes("0123456789").position(2).limit(5);

    writer.write(data);

    assertThat(data.hasRemaining()).isFalse();
    writer.commit();
    assertThat(content(blob)).isEqualTo("234");
    store().delete(blob);
  }

  @Test
  void leavesNothingOfWhatIsGivenUp() throws IOException {
    var writer = store().begin(blob, OptionalLong.empty());
    writer.write(bytes("half"));

    writer.abort();

    assertThat(isVisible(blob)).isFalse();
    assertThat(store().delete(blob)).isFalse();
  }

  @Test
  void takesBackACommitThatNobodyHasSeen() throws IOException {
    var writer = store().begin(blob, OptionalLong.empty());
    writer.commit();

    writer.abort();

    assertThat(isVisible(blob)).isFalse();
  }

  @Test
  void writesNothingAfterTheEnd() throws IOException {
    var committed = store().begin(blob, OptionalLong.empty());
    committed.commit();
    var other = TestingBlobs.blob();
    var aborted = store().begin(other, OptionalLong.empty());
    aborted.abort();

    assertThatThrownBy(() -> committed.write(bytes("late"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> aborted.write(bytes("late"))).isInstanceOf(IOException.class);

    assertThat(content(blob)).isEmpty();
    assertThat(isVisible(other)).isFalse();
    store().delete(blob);
  }

  @Test
  void refusesASecondWriterOfABlob() throws IOException {
    var writer = store().begin(blob, OptionalLong.empty());
    writer.write(bytes("first"));

    assertThatThrownBy(() -> store().begin(blob, OptionalLong.empty()))
        .isInstanceOf(IOException.class);

    writer.commit();
    assertThat(content(blob)).isEqualTo("first");
    store().delete(blob);
  }

  @Test
  void refusesToCommitWhatWasDeleted() throws IOException {
    var writer = store().begin(blob, OptionalLong.empty());
    writer.write(bytes("unwanted"));
    assertThat(store().delete(blob)).isTrue();

    assertThatThrownBy(writer::commit).isInstanceOf(IOException.class);

    assertThat(isVisible(blob)).isFalse();
  }

  @Test
  void deletesABlobOnce() throws IOException {
    store().begin(blob, OptionalLong.empty()).commit();

    assertThat(store().delete(blob)).isTrue();
    assertThat(store().delete(blob)).isFalse();
    assertThat(isVisible(blob)).isFalse();
  }

  @Test
  public void deletesABlobThatIsBeingRead() throws IOException {
    var writer = store().begin(blob, OptionalLong.empty());
    writer.write(bytes("still here"));
    writer.commit();
    try (var reader = store().open(blob).orElseThrow()) {
      store().delete(blob);

      if (keepsWhatIsRead()) {
        assertThat(content(reader)).isEqualTo("still here");
      } else {
        assertThatThrownBy(() -> content(reader)).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void keepsBlobsApart() throws IOException {
    var other = TestingBlobs.blob();
    var first = store().begin(blob, OptionalLong.empty());
    var second = store().begin(other, OptionalLong.empty());
    first.write(bytes("first"));
    second.write(bytes("second"));
    first.commit();
    second.commit();

    store().delete(blob);

    assertThat(content(other)).isEqualTo("second");
    store().delete(other);
  }

  @Test
  void hasNothingOfAnAbsentBlob() throws IOException {
    assertThat(store().open(blob)).isEmpty();
    assertThat(store().file(blob)).isEmpty();
    assertThat(store().delete(blob)).isFalse();
  }

  private ResumableWriter resume(int turn, String before) throws IOException {
    long offset = before.getBytes(UTF_8).length;
    var resumption = new Message.Resumption(turn, offset, Optional.empty());
    var writer = store().resume(blob, resumption, OptionalLong.of("one two".length()));
    writer.start();
    return writer;
  }

  @Test
  void goesOnWhereTheLastRequestLeft() throws IOException {
    var first = resume(1, "");
    first.write(bytes("on"), bytes("e "));
    assertThat(first.keep(true)).isEqualTo(4);
    var second = resume(2, "one ");
    second.write(bytes("tw"));
    assertThat(second.keep(true)).isEqualTo(6);
    assertThat(isVisible(blob)).isFalse();
    assertThat(kept()).isNotEmpty().noneMatch(BlobStore.Entry::isCommitted);
    var third = resume(3, "one tw");
    third.write(bytes("o"));

    third.commit();

    assertThat(content(blob)).isEqualTo("one two");
    assertThat(kept()).singleElement().matches(entry -> entry.sizeBytes() == 7);
    store().delete(blob);
  }

  @Test
  void discardsWhatDoesNotCount() throws IOException {
    var wrong = resume(1, "");
    wrong.write(bytes("one si"));
    wrong.keep(true);
    var next = resume(2, "one ");
    next.write(bytes("two"));

    next.commit();

    assertThat(content(blob)).isEqualTo("one two");
    store().delete(blob);
  }

  @Test
  void showsZerosWhereOtherDataWas() throws IOException {
    var wrong = resume(1, "");
    wrong.write(bytes("one two"));
    wrong.keep(true);
    var next = resume(2, "");
    next.write(ByteBuffer.allocate(7));

    next.commit();

    assertThat(content(blob)).isEqualTo("\0".repeat(7));
    store().delete(blob);
  }

  @Test
  void keepsWhatWasThereBeforeARequestThatIsGivenUp() throws IOException {
    var first = resume(1, "");
    first.write(bytes("one "));
    first.keep(true);
    var second = resume(2, "one ");
    second.write(bytes("six"));
    second.abort();
    var third = resume(3, "one ");
    third.write(bytes("two"));

    third.commit();

    assertThat(content(blob)).isEqualTo("one two");
    store().delete(blob);
  }

  @Test
  void showsAllDataToItsWriterBeforeTheCommit() throws IOException {
    var first = resume(1, "");
    first.write(bytes("one "));
    first.keep(true);
    var second = resume(2, "one ");
    second.write(bytes("two"));
    assertThat(second.keep(false)).isLessThanOrEqualTo(7);

    try (var reader = second.seal()) {
      assertThat(content(reader)).isEqualTo("one two");
    }

    second.commit();
    assertThat(content(blob)).isEqualTo("one two");
    store().delete(blob);
  }

  /** The catalog may not hear of the commit. */
  @ParameterizedTest
  @ValueSource(strings = {"one tw", "one two"})
  void takesTheEndOfABlobAgain(String before) throws IOException {
    var first = resume(1, "");
    first.write(bytes("one two"));
    first.commit();

    var second = resume(2, before);
    second.write(bytes("one two".substring(before.length())));
    second.commit();

    assertThat(content(blob)).isEqualTo("one two");
    assertThat(kept()).singleElement().matches(BlobStore.Entry::isCommitted);
    store().delete(blob);
  }

  @Test
  void changesNothingBeforeItIsStarted() throws IOException {
    var first = resume(1, "");
    first.write(bytes("one tw"));
    first.keep(true);

    var late = new Message.Resumption(2, 2, Optional.empty());
    store().resume(blob, late, OptionalLong.of(7)).abort();

    var next = resume(3, "one tw");
    next.write(bytes("o"));
    next.commit();
    assertThat(content(blob)).isEqualTo("one two");
    store().delete(blob);
  }

  @Test
  void keepsNothingOfAnUploadThatIsDeleted() throws IOException {
    var first = resume(1, "");
    first.write(bytes("one "));
    first.keep(true);

    assertThat(store().delete(blob)).isTrue();

    assertThat(kept()).isEmpty();
    assertThatThrownBy(() -> resume(2, "one ")).isInstanceOf(ProblemException.class);
  }

  private boolean isVisible(BlobRef of) throws IOException {
    try (var reader = store().open(of).orElse(null)) {
      return reader != null || store().file(of).isPresent();
    }
  }

  private String content(BlobRef of) throws IOException {
    try (var reader = store().open(of).orElseThrow()) {
      return content(reader);
    }
  }

  private static String content(BlobReader reader) throws IOException {
    var content = ByteBuffer.allocate(Math.toIntExact(reader.sizeBytes()));
    while (reader.read(content, content.position()) > 0) {
      assertThat(content.position()).isLessThanOrEqualTo(content.limit());
    }
    return new String(content.array(), 0, content.position(), UTF_8);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
