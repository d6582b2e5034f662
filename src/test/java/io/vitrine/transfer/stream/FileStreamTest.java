package io.vitrine.transfer.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.stream.SizedStream;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(VertxExtension.class)
class FileStreamTest {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  private final Vertx vertx;
  private final Path file;

  FileStreamTest(Vertx vertx, @TempDir Path directory) {
    this.vertx = vertx;
    this.file = directory.resolve("blob");
  }

  /** Data of 64 KiB at the start of each third MiB; nothing else, up to the end. */
  private byte[] writeSparse(int size) throws IOException {
    var content = new byte[size];
    var random = new Random(size);
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int at = 0; at < size; at += 3 * MIB) {
        var data = new byte[Math.min(64 * KIB, size - at)];
        random.nextBytes(data);
        System.arraycopy(data, 0, content, at, data.length);
        channel.write(ByteBuffer.wrap(data), at);
      }
    }
    try (var whole = new RandomAccessFile(file.toFile(), "rw")) {
      whole.setLength(size);
    }
    return content;
  }

  private Future<SizedStream> open(long offset, long length) {
    return open(offset, length, false);
  }

  private Future<SizedStream> open(long offset, long length, boolean isDirect) {
    var part = new ByteRange(offset, length);
    return FileStream.open(vertx, new BlobSource.InFile(file, part, isDirect));
  }

  private static Future<Buffer> readAll(SizedStream stream) {
    var all = Promise.<Buffer>promise();
    var read = Buffer.buffer();
    stream
        .exceptionHandler(all::fail)
        .endHandler(end -> all.complete(read))
        .handler(read::appendBuffer)
        .resume();
    return all.future();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "1, 0, 1",
    "262144, 0, 262144",
    "262145, 0, 262145",
    "10485760, 0, 10485760",
    "10485759, 0, 10485759",
    "10485760, 5, 9000000",
    "10485760, 65535, 3080194",
    "10485760, 2000000, 100000",
    "10485760, 4096, 6291457"
  })
  void givesEveryByteOfItsPart(int size, int offset, int length) throws Exception {
    var content = writeSparse(size);

    for (boolean isDirect : new boolean[] {true, false}) {
      var read =
          open(offset, length, isDirect)
              .compose(FileStreamTest::readAll)
              .await(10, TimeUnit.SECONDS);

      assertThat(read.getBytes()).isEqualTo(Arrays.copyOfRange(content, offset, offset + length));
    }
  }

  @Test
  void givesOnlyWhatWasAskedFor() throws Exception {
    writeSparse(10 * MIB);
    var pieces = new ArrayList<Buffer>();
    var stream = open(0, 10 * MIB).await(10, TimeUnit.SECONDS);

    stream.handler(pieces::add).fetch(3);
    TestingConditions.await(() -> List.copyOf(pieces), seen -> seen.size() == 3);
    stream.fetch(1);
    TestingConditions.await(() -> List.copyOf(pieces), seen -> seen.size() == 4);
    stream.abort();

    assertThat(pieces).hasSize(4).allMatch(piece -> piece.length() == 256 * KIB);
  }

  @Test
  void saysWhenTheFileIsShorterThanItWas() throws Exception {
    writeSparse(4 * MIB);

    for (boolean isDirect : new boolean[] {true, false}) {
      var reading = open(0, 4 * MIB + 1, isDirect).compose(FileStreamTest::readAll);

      assertThatThrownBy(() -> reading.await(10, TimeUnit.SECONDS))
          .isInstanceOf(ProblemException.class)
          .hasMessage("The data cannot be read at the moment; try again later.");
    }
  }

  @Test
  void closesItsFile() throws Exception {
    writeSparse(4 * MIB);

    open(0, 4 * MIB).compose(FileStreamTest::readAll).await(10, TimeUnit.SECONDS);
    open(0, 4 * MIB, true).compose(FileStreamTest::readAll).await(10, TimeUnit.SECONDS);
    open(0, 4 * MIB).await(10, TimeUnit.SECONDS).abort();
    var aborted = open(0, 4 * MIB).await(10, TimeUnit.SECONDS);
    aborted.handler(piece -> aborted.abort()).fetch(2);

    TestingConditions.await(this::timesOpen, times -> times == 0);
  }

  private long timesOpen() throws IOException {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(Files::isSymbolicLink).filter(this::isOurs).count();
    }
  }

  private boolean isOurs(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file);
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }
}
