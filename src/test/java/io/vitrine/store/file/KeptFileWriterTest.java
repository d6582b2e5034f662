package io.vitrine.store.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.store.TestingNode;
import io.vitrine.store.blob.ResumableWriter;
import io.vitrine.transfer.bus.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeptFileWriterTest {
  private static final int MIB = 1 << 20;

  private final Path directory;
  private final FileBlobStore store;
  private final BlobRef blob = TestingNode.blob();

  KeptFileWriterTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.store = new FileBlobStore("fast", FileLayout.of(directory, true));
  }

  private static ResumableWriter resume(FileBlobStore store, BlobRef blob, int turn, long offset)
      throws IOException {
    var writer =
        store.resume(
            blob, new Message.Resumption(turn, offset, Optional.empty()), OptionalLong.empty());
    writer.start();
    return writer;
  }

  private ResumableWriter resume(int turn, long offset) throws IOException {
    return resume(store, blob, turn, offset);
  }

  private byte[] part() throws IOException {
    return Files.readAllBytes(directory.resolve(blob.path() + ".part"));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static FileLayout layout(Path directory, boolean isThin, boolean isShared) {
    return new FileLayout(
        List.of(new FileLayout.Directory(directory, 0)),
        0,
        Optional.empty(),
        isThin,
        DirectIo.TRUE,
        true,
        isShared);
  }

  @Test
  void goesOnWhereTheLastOneLeft() throws IOException {
    var first = resume(1, 0);
    first.write(bytes("one "));
    assertThat(first.keep(true)).isEqualTo(4);
    var second = resume(2, 4);
    second.write(bytes("two"));
    assertThat(second.keep(true)).isEqualTo(7);
    assertThat(store.open(blob)).isEmpty();

    resume(3, 7).commit();

    assertThat(store.file(blob).orElseThrow()).hasContent("one two");
    assertThat(store.delete(blob)).isTrue();
  }

  @Test
  void discardsWhatDoesNotCount() throws IOException {
    var first = resume(1, 0);
    first.write(bytes("one wrong"));
    first.keep(true);

    var second = resume(2, 4);
    second.write(bytes("two"));
    second.commit();

    assertThat(store.file(blob).orElseThrow()).hasContent("one two");
  }

  @Test
  void keepsWhatAnAbortedWriterHasWritten() throws IOException {
    var first = resume(1, 0);
    var data = new byte[3 * MIB];
    new Random(1).nextBytes(data);
    first.write(ByteBuffer.wrap(data));
    long durable = first.keep(false);
    first.abort();

    assertThat(durable).isBetween(2L * MIB, 3L * MIB);
    assertThat(part()).startsWith(Arrays.copyOf(data, (int) durable));
    assertThat(store.delete(blob)).isTrue();
    assertThat(directory.resolve(blob.path() + ".part")).doesNotExist();
  }

  /** The catalog may not hear of a commit. */
  @ParameterizedTest
  @CsvSource({"true,0", "true,6", "false,0", "false,6"})
  void takesACommitBack(boolean isThin, int offset, @TempDir Path root) throws IOException {
    var committed = new FileBlobStore("fast", layout(root, isThin, true));
    var first = resume(committed, blob, 1, 0);
    first.write(bytes("one two"));
    first.commit();

    var second = resume(committed, blob, 2, offset);
    assertThat(committed.file(blob)).isEmpty();
    second.write(bytes("one twO".substring(offset)));
    second.keep(false);
    second.commit();

    assertThat(committed.file(blob).orElseThrow()).hasContent("one twO");
    assertThat(root.resolve(blob.path() + ".part")).doesNotExist();
  }

  /** A hanging store may open a writer after another one has taken its place. */
  @Test
  void changesNothingBeforeItStarts() throws IOException {
    var first = resume(1, 0);
    first.write(bytes("one two"));
    first.commit();

    store
        .resume(blob, new Message.Resumption(2, 4, Optional.empty()), OptionalLong.empty())
        .abort();

    assertThat(store.file(blob).orElseThrow()).hasContent("one two");
  }

  @Test
  void missesBytesThatAreLost() throws IOException {
    resume(1, 0).keep(true);

    assertThatThrownBy(() -> resume(2, 4))
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure -> assertThat(failure.problem()).isInstanceOf(Problem.Missing.class));
  }

  @Test
  void goesOnAfterZerosThatAreHoles(@TempDir Path thin) throws IOException {
    var holes = new FileBlobStore("thin", layout(thin, true, false));
    var first = resume(holes, blob, 1, 0);
    first.write(bytes("one"), ByteBuffer.allocate(MIB));
    assertThat(first.keep(false)).isEqualTo(MIB + 3);
    first.write(ByteBuffer.allocate(MIB));
    assertThat(first.keep(true)).isEqualTo(2 * MIB + 3);

    var second = resume(holes, blob, 2, 2 * MIB + 3);
    second.write(bytes("two"));
    second.commit();

    var file = holes.file(blob).orElseThrow();
    assertThat(file).hasSize(2 * MIB + 6);
    assertThat(new String(Files.readAllBytes(file), UTF_8)).startsWith("one").endsWith("\0two");
  }

  @Test
  void doesNotFindDataOfOtherNodes() {
    assertThatThrownBy(() -> resume(2, 4))
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure -> assertThat(failure.problem()).isInstanceOf(Problem.Unavailable.class));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void waitsForAnotherProcessThatStillWrites(boolean isThin, @TempDir Path common)
      throws IOException {
    var here = new FileBlobStore("here", layout(common, isThin, true));
    var there = new FileBlobStore("there", layout(common, isThin, true));
    var writer = resume(here, blob, 1, 0);
    writer.write(bytes("one"));
    writer.keep(false);

    assertThatThrownBy(() -> resume(there, blob, 2, 3))
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure -> assertThat(failure.problem()).isInstanceOf(Problem.Locked.class));
    writer.keep(true);
    resume(there, blob, 2, 3).commit();

    assertThat(here.file(blob).orElseThrow()).hasContent("one");
  }
}
