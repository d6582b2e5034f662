package io.vitrine.importer.blob;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.format.block.InvalidImageException;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers of a file that grows. */
@Timeout(30)
class ArrivingBytesTest {
  private static final byte[] DATA = new byte[100_000];

  @TempDir private Path directory = Path.of("");
  private Path file;
  private ArrivingBytes bytes;

  @BeforeEach
  void open() throws IOException {
    new Random(1).nextBytes(DATA);
    file = Files.createFile(directory.resolve("part"));
    bytes = ArrivingBytes.open(file);
  }

  @AfterEach
  void close() throws IOException {
    bytes.close();
  }

  /** What one thread does. */
  private record Reader<T>(Thread thread, FutureTask<T> task) {
    static <T> Reader<T> start(Callable<T> work) {
      var task = new FutureTask<>(work);
      return new Reader<>(Thread.ofPlatform().daemon().start(task), task);
    }

    Reader<T> awaitWaiting() {
      TestingConditions.await(
          "a reader that waits", () -> thread.getState() == Thread.State.WAITING);
      return this;
    }

    T result() throws Exception {
      return task.get(20, SECONDS);
    }
  }

  private void grow(int from, int to) throws IOException {
    Files.write(file, Arrays.copyOfRange(DATA, from, to), StandardOpenOption.APPEND);
    bytes.arrived(to);
  }

  private Reader<byte[]> read(int offset, int length) {
    return Reader.start(() -> bytes.read(offset, length, ByteOrder.BIG_ENDIAN).array());
  }

  @Test
  void readsWhatIsThereAndWaitsForTheRest() throws Exception {
    grow(0, 1000);
    var late = read(500, 1000).awaitWaiting();

    assertThat(read(0, 1000).result()).isEqualTo(Arrays.copyOf(DATA, 1000));
    grow(1000, 1499);
    late.awaitWaiting();
    grow(1499, 1500);

    assertThat(late.result()).isEqualTo(Arrays.copyOfRange(DATA, 500, 1500));
  }

  @Test
  void servesManyReaders() throws Exception {
    var readers = new Reader<?>[8];
    Arrays.setAll(readers, index -> read(index * 1000, 1000));

    for (int at = 0; at < DATA.length; at += 500) {
      grow(at, at + 500);
    }

    for (int index = 0; index < readers.length; index++) {
      assertThat(readers[index].result())
          .isEqualTo(Arrays.copyOfRange(DATA, index * 1000, index * 1000 + 1000));
    }
  }

  @Test
  void outlivesTheNameOfTheFile() throws Exception {
    grow(0, DATA.length);
    Files.move(file, directory.resolve("complete"));
    bytes.completed(DATA.length);

    assertThat(read(0, DATA.length).result()).isEqualTo(DATA);
  }

  @Test
  void knowsTheSizeAtTheEnd() throws Exception {
    var size = Reader.start(bytes::sizeBytes).awaitWaiting();
    grow(0, DATA.length);
    size.awaitWaiting();

    bytes.completed(DATA.length);

    assertThat(size.result()).isEqualTo(DATA.length);
  }

  @Test
  void tellsThatTheFileIsCutOff() throws Exception {
    grow(0, 1000);
    var late = read(500, 1000).awaitWaiting();

    bytes.completed(1000);

    assertThatThrownBy(late::result)
        .hasCauseInstanceOf(InvalidImageException.class)
        .hasRootCauseMessage("is cut off: needs 1500 bytes, has 1000");
    for (long offset : new long[] {-1, Long.MAX_VALUE, Long.MAX_VALUE - 5}) {
      assertThatThrownBy(() -> bytes.read(offset, ByteBuffer.allocate(10)))
          .isInstanceOf(InvalidImageException.class);
    }
  }

  @Test
  void failsThoseWhoWaitForWhatNeverComes() throws Exception {
    grow(0, 1000);
    var late = read(500, 1000).awaitWaiting();
    var size = Reader.start(bytes::sizeBytes).awaitWaiting();

    bytes.failed(new IOException("the server is gone"));

    assertThatThrownBy(late::result).hasRootCauseMessage("the server is gone");
    assertThatThrownBy(size::result).hasRootCauseMessage("the server is gone");
    assertThat(read(0, 1000).result()).hasSize(1000);
  }

  @Test
  void endsAWaitByAnInterrupt() {
    var late = read(0, 1).awaitWaiting();

    late.thread().interrupt();

    assertThatThrownBy(late::result).hasCauseInstanceOf(InterruptedIOException.class);
  }

  @Test
  void endsAllWaitsWhenItIsClosed() throws Exception {
    var late = read(0, 1).awaitWaiting();

    bytes.close();

    assertThatThrownBy(late::result).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void isHashedAsItArrives() throws Exception {
    var hash = FileHash.start(bytes::inOrder, HashAlgorithm.SHA512);
    grow(0, 70_000);
    TestingConditions.await("what is there is hashed", () -> hash.doneBytes() == 70_000);

    grow(70_000, DATA.length);
    bytes.completed(DATA.length);

    var digest = HashAlgorithm.SHA512.begin().digest(DATA);
    assertThat(hash.done().await(20, SECONDS)).isEqualTo(HexFormat.of().formatHex(digest));
    assertThat(read(0, 10).result()).isEqualTo(Arrays.copyOf(DATA, 10));
  }
}
