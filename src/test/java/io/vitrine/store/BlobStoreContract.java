package io.vitrine.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.BlobStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
