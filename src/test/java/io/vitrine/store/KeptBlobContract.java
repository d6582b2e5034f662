package io.vitrine.store;

import static io.vitrine.store.TestingBlobs.read;
import static io.vitrine.store.TestingBlobs.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.blob.BlobStore.Entry;
import io.vitrine.store.blob.ResumableWriter;
import io.vitrine.transfer.bus.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blobs that take several requests, which reach two processes. */
public abstract class KeptBlobContract {
  private final int blockBytes;
  private final byte[] data;
  private BlobRef blob = TestingBlobs.blob();

  /** For a store that keeps blocks of a size, with data of at least three. */
  protected KeptBlobContract(int blockBytes, byte[] data) {
    this.blockBytes = blockBytes;
    this.data = data.clone();
  }

  /** The store, the same one throughout a test. */
  protected abstract BlobStore here();

  /** The same store as another process has it. */
  protected abstract BlobStore there();

  @BeforeEach
  void beginAnotherBlob() {
    blob = TestingBlobs.blob();
  }

  /** What the test is about; it is in the store at most until its end. */
  protected final BlobRef blob() {
    return blob;
  }

  /** Goes on with the blob in a turn, which knows the size if it is given. */
  protected final ResumableWriter resume(BlobStore store, int turn, long offset, OptionalLong size)
      throws IOException {
    var writer = store.resume(blob, new Message.Resumption(turn, offset, Optional.empty()), size);
    try {
      writer.start();
      return writer;
    } catch (IOException | RuntimeException failure) {
      writer.abort();
      throw failure;
    }
  }

  protected final ResumableWriter resume(BlobStore store, int turn, long offset)
      throws IOException {
    return resume(store, turn, offset, OptionalLong.of(data.length));
  }

  protected final Problem refusal(BlobStore store, int turn, long offset) {
    return catchThrowableOfType(ProblemException.class, () -> resume(store, turn, offset))
        .problem();
  }

  protected final List<Entry> kept() throws IOException {
    var kept = new ArrayList<Entry>();
    here().visit(kept::add);
    return kept;
  }

  /** The blob has all data, and nothing else is left. */
  protected void assertIsWhole() throws IOException {
    assertThat(read(here(), blob)).isEqualTo(data);
    assertThat(kept())
        .singleElement()
        .matches(Entry::isCommitted)
        .matches(entry -> entry.sizeBytes() == data.length);
  }

  /** Steps are of blocks and bytes; negative ones are all data but so much. */
  @ParameterizedTest
  @CsvSource({"0, 700000", "1, -1", "1, 0", "1, 1", "3, 0", "3, 76", "0, -1"})
  void goesOnInAnyProcess(int blocks, int bytes) throws IOException {
    int wanted = blocks * blockBytes + bytes;
    int step = wanted < 0 ? data.length + wanted : wanted;
    int turn = 1;
    int offset = 0;
    for (; offset + step < data.length; offset += step) {
      var writer = resume(turn % 2 == 0 ? there() : here(), turn++, offset);
      assertThat(writer.isAhead()).isFalse();
      write(writer, data, offset, offset + step);
      assertThat(writer.keep(true)).isEqualTo(offset + step);
      assertThat(here().open(blob)).isEmpty();
    }
    var last = resume(there(), turn, offset);
    write(last, data, offset, data.length);

    last.commit();

    assertIsWhole();
  }

  /** A process may be late when it opens the blob; its turn is over, and others have gone on. */
  @Test
  void changesNothingBeforeItStarts() throws IOException {
    int first = blockBytes + 100;
    int second = 2 * blockBytes + 50;
    writeTurn(1, 0, first);
    writeTurn(3, first, second);

    openLate(2, first);

    var last = resume(here(), 4, second);
    write(last, data, second, data.length);
    last.commit();
    assertIsWhole();
  }

  private void writeTurn(int turn, int from, int to) throws IOException {
    var writer = resume(here(), turn, from);
    write(writer, data, from, to);
    assertThat(writer.keep(true)).isEqualTo(to);
  }

  /** What the turn began with may be gone, which it is told. */
  private void openLate(int turn, long offset) throws IOException {
    try {
      there()
          .resume(
              blob,
              new Message.Resumption(turn, offset, Optional.empty()),
              OptionalLong.of(data.length))
          .abort();
    } catch (ProblemException late) {
      assertThat(late.problem()).isInstanceOf(Problem.Missing.class);
    }
  }

  @Test
  void waitsForAWriterOfTheSameProcess() throws IOException {
    var first = resume(here(), 1, 0);

    assertThat(refusal(here(), 2, 0)).isInstanceOf(Problem.Locked.class);

    first.abort();
  }
}
