package io.vitrine.store;

import static io.vitrine.store.TestingContent.bytes;
import static io.vitrine.store.TestingNode.CHUNK;
import static io.vitrine.store.TestingNode.NAME;
import static io.vitrine.store.TestingNode.blob;
import static io.vitrine.store.TestingNode.receive;
import static io.vitrine.store.TestingNode.stream;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vitrine.image.location.BlobPart;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.stream.SizedStream;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.file.FileBlobReader;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSource;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadTransferTest {
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final TestingNode node;

  ReadTransferTest(@TempDir Path directory) throws Exception {
    this.node = new TestingNode(directory, IDLE);
    node.store.isFileHidden = true;
  }

  @AfterEach
  void close() throws TimeoutException {
    awaitNoOpenFile();
    node.close();
  }

  @Test
  void givesTheFileIfThereIsOne() throws Exception {
    node.store.isFileHidden = false;
    var blob = node.put(bytes(10));
    var file = node.store.file(blob).orElseThrow();

    assertThat(node.await(() -> node.near.read(blob, Optional.empty())))
        .isEqualTo(new BlobSource.InFile(file, new ByteRange(0, 10), false));
    assertThat(node.await(() -> node.near.read(blob, Optional.of(new ByteRange(2, 3)))))
        .isEqualTo(new BlobSource.InFile(file, new ByteRange(2, 3), false));
  }

  @Test
  void opensNoStreamForAFile() throws Exception {
    node.store.isFileHidden = false;
    var blob = node.put(bytes(10));
    var addresses = new ConcurrentLinkedQueue<String>();
    node.vertx
        .eventBus()
        .addOutboundInterceptor(
            sending -> {
              if (sending.send()) {
                addresses.add(sending.message().address());
              }
              sending.next();
            });

    node.await(() -> node.near.read(blob, Optional.empty()));

    assertThat(addresses).contains(Addresses.locate(NAME)).doesNotContain(Addresses.read(NAME));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 10 << 20})
  void sendsContentOfAnySize(int size) throws Exception {
    var content = bytes(size);
    var blob = node.put(content);

    var source = node.await(() -> node.near.read(blob, Optional.empty()));

    assertThat(source.sizeBytes()).isEqualTo(size);
    assertThat(node.await(() -> receive(source))).isEqualTo(content);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "65535, 2", "65536, 65536", "1, 199999", "199999, 1", "5, 0", "0, 200000"})
  void sendsARange(int offset, int length) throws Exception {
    var content = bytes(200_000);
    var blob = node.put(content);

    var received =
        node.await(
            () ->
                node.near
                    .read(blob, Optional.of(new ByteRange(offset, length)))
                    .compose(TestingNode::receive));

    assertThat(received).isEqualTo(content.getBuffer(offset, offset + length));
  }

  @Test
  void sendsNoMoreThanAWindowAheadOfASlowReader() throws Exception {
    var content = bytes(10 << 20);
    var blob = node.put(content);
    var stream = stream(node.await(() -> node.near.read(blob, Optional.empty())));

    TestingNode.await("a full window", () -> node.onTheWayBytes() >= 0);
    var received = node.await(() -> receiveOneByOne(stream));

    assertThat(received).isEqualTo(content);
    assertThat(node.peakBytes()).isLessThanOrEqualTo(CHUNK);
  }

  @Test
  void stopsWhenTheReaderGivesUp() throws Exception {
    var blob = node.put(bytes(10 << 20));
    var stream = stream(node.await(() -> node.near.read(blob, Optional.empty())));
    TestingNode.await("a full window", () -> node.onTheWayBytes() >= 0);
    var pieces = new AtomicInteger();

    node.await(
        () -> {
          stream.handler(
              data -> {
                pieces.incrementAndGet();
                stream.abort();
              });
          stream.resume();
          return Future.succeededFuture();
        });

    awaitNoOpenFile();
    assertThat(pieces).hasValue(1);
  }

  @Test
  void stopsWhenTheReaderFallsSilent() throws Exception {
    var blob = node.put(bytes(CHUNK));
    var request =
        new Message.ReadRequest(new BlobPart(blob, Optional.empty(), Optional.empty()), "nobody");

    node.vertx.eventBus().<Message>request(Addresses.read(NAME), request).await(10, SECONDS);
    node.time.letPass(IDLE);
    assertThat(node.store.opened).anyMatch(ReadTransferTest::isOpen);
    node.time.letPass(IDLE);

    awaitNoOpenFile();
  }

  @Test
  void waitsForAReaderThatTakesItsTime() throws Exception {
    var content = bytes(10 << 20);
    var blob = node.put(content);
    var source = node.await(() -> node.near.read(blob, Optional.empty()));

    node.time.letPass(IDLE.multipliedBy(3));

    assertThat(node.await(() -> receive(source))).isEqualTo(content);
  }

  @Test
  void tellsTheReaderThatTheDiskFails() throws Exception {
    var blob = node.put(bytes(10 << 20));
    var source = node.await(() -> node.near.read(blob, Optional.empty()));

    node.store.isFileHidden = false;
    try (var file =
        FileChannel.open(node.store.file(blob).orElseThrow(), StandardOpenOption.WRITE)) {
      file.truncate(9 << 20);
    }

    assertThat(problem(() -> receive(source))).isInstanceOf(Problem.Unavailable.class);
  }

  @Test
  void givesUpWhenTheStoreStops() throws Exception {
    var blob = node.put(bytes(10 << 20));
    var source = node.await(() -> node.near.read(blob, Optional.empty()));

    node.stopStore();

    assertThat(problem(() -> receive(source))).isInstanceOf(Problem.Unavailable.class);
    node.store.opened.clear();
  }

  @Test
  void knowsThatABlobIsAbsent() {
    assertThat(problem(() -> node.near.read(blob(), Optional.empty())))
        .isInstanceOf(Problem.Missing.class);
  }

  @Test
  void knowsThatABlobHasAnotherSize() throws Exception {
    var blob = node.put(bytes(10));
    var range = Optional.of(new ByteRange(0, 1));

    for (long size : new long[] {9, 11}) {
      assertThat(problem(() -> node.near.read(blob, Optional.of(size), range)))
          .isInstanceOf(Problem.Damaged.class);
      assertThat(problem(() -> node.far.read(blob, Optional.of(size), range)))
          .isInstanceOf(Problem.Damaged.class);
    }
  }

  @Test
  void cannotReadFromAStoreThatIsNot() {
    assertThat(problem(() -> node.near.read(blob("slow", NAME), Optional.empty())))
        .isInstanceOf(Problem.Unavailable.class);
  }

  @Test
  void cannotReadBeyondTheEnd() throws Exception {
    var blob = node.put(bytes(10));
    var range = Optional.of(new ByteRange(5, 6));

    assertThat(problem(() -> node.near.read(blob, range))).isInstanceOf(Problem.Damaged.class);
  }

  @Test
  void deletesOnce() throws Exception {
    var blob = node.put(bytes(10));

    assertThat(node.await(() -> node.far.delete(blob, NAME))).isTrue();
    assertThat(node.await(() -> node.far.delete(blob, NAME))).isFalse();
    assertThat(node.files()).isEmpty();
    assertThat(problem(() -> node.far.delete(blob, "node-c")))
        .isInstanceOf(Problem.Unavailable.class);
  }

  private Future<Buffer> receiveOneByOne(SizedStream stream) {
    var all = Promise.<Buffer>promise();
    var received = Buffer.buffer();
    stream
        .endHandler(end -> all.complete(received))
        .handler(
            data -> {
              received.appendBuffer(data);
              node.vertx.runOnContext(later -> stream.fetch(1));
            })
        .fetch(1);
    return all.future();
  }

  private <T> Problem problem(Supplier<Future<T>> action) {
    return catchThrowableOfType(ProblemException.class, () -> node.await(action)).problem();
  }

  private void awaitNoOpenFile() {
    TestingNode.await(
        "no open file", () -> node.store.opened.stream().noneMatch(ReadTransferTest::isOpen));
  }

  private static boolean isOpen(BlobReader reader) {
    return ((FileBlobReader) reader).channel().isOpen();
  }
}
