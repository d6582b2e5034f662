package io.vitrine.store;

import static io.vitrine.store.TestingContent.bytes;
import static io.vitrine.store.TestingContent.digests;
import static io.vitrine.store.TestingContent.pieces;
import static io.vitrine.store.TestingNode.CHUNK;
import static io.vitrine.store.TestingNode.NAME;
import static io.vitrine.store.TestingNode.WINDOW;
import static io.vitrine.store.TestingNode.blob;
import static io.vitrine.store.TestingNode.send;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSink;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WriteTransferTest {
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Optional<Message.Content> RAW =
      Optional.of(new Message.Content("raw", "bare"));

  private final BlobRef blob = blob();
  private final TestingNode node;

  WriteTransferTest(@TempDir Path directory) throws Exception {
    this.node = new TestingNode(directory, IDLE);
  }

  @AfterEach
  void close() throws TimeoutException {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 10 << 20})
  void storesAndHashesContentOfAnySize(int size) throws Exception {
    var content = bytes(size);

    var written =
        node.await(
            () ->
                open(RAW).compose(sink -> send(sink, pieces(content, List.of(1, 99_991, 7_777)))));

    assertThat(written.sizeBytes()).isEqualTo(size);
    assertThat(written.digests()).contains(digests(content));
    assertThat(node.files()).containsExactly(node.store.file(blob).orElseThrow());
    assertThat(node.files().getFirst()).hasBinaryContent(content.getBytes());
    assertThat(node.budget.active()).hasValue(0);
  }

  @Test
  void asksTheSourceForNothingAfterItsEnd() throws Exception {
    var asked = new AtomicInteger();

    var written =
        node.await(
            () ->
                open(RAW)
                    .compose(
                        sink -> {
                          sink.drainHandler(drained -> asked.incrementAndGet());
                          sink.write(bytes(CHUNK));
                          return sink.end().compose(ended -> sink.written());
                        }));

    assertThat(written.sizeBytes()).isEqualTo(CHUNK);
    assertThat(asked).hasValue(0);
  }

  @Test
  void tellsHowMuchTheStoreHasTaken() throws Exception {
    var taken = new CopyOnWriteArrayList<Long>();
    int size = 3 * CHUNK + 5;

    node.await(
        () ->
            open(Optional.empty())
                .compose(
                    sink -> {
                      sink.takenHandler(taken::add);
                      return send(sink, pieces(bytes(size), 10_000));
                    }));

    assertThat(taken).hasSizeGreaterThan(2).isSorted().last().isEqualTo((long) size);
  }

  @Test
  void hashesStagedDataOnceAndDoesNotInspectIt() throws Exception {
    var content = Buffer.buffer("QFI\u00fb");

    var written =
        node.await(() -> open(Optional.empty()).compose(sink -> send(sink, pieces(content, 1))));

    var sha512 = MessageDigest.getInstance("SHA-512").digest(content.getBytes());
    var digests = new Digests(null, HashAlgorithm.SHA512, HexFormat.of().formatHex(sha512));
    assertThat(written)
        .isEqualTo(new Message.Written(content.length(), Optional.of(digests), Optional.empty()));
  }

  @Test
  void sendsNoMoreThanAWindowAheadOfASlowDisk() throws Exception {
    var content = bytes(3 * WINDOW);
    var gate = new CountDownLatch(1);
    node.store.beforeWrite = () -> pass(gate);
    var sink = node.await(() -> open(RAW));

    var written = node.await(() -> Future.succeededFuture(send(sink, pieces(content, 10_000))));
    boolean isFull = node.await(() -> Future.succeededFuture(sink.writeQueueFull()));
    long sentBytes = node.onTheWayBytes();
    gate.countDown();

    assertThat(isFull).isTrue();
    assertThat(sentBytes).isBetween((long) WINDOW, (long) WINDOW + CHUNK + 10_000);
    assertThat(written.await(10, SECONDS).digests()).contains(digests(content));
    assertThat(node.peakBytes()).isLessThanOrEqualTo(WINDOW + CHUNK + 10_000);
    assertThat(node.files().getFirst()).hasBinaryContent(content.getBytes());
  }

  @Test
  void leavesNothingWhenTheSenderGivesUp() throws Exception {
    var sink = node.await(() -> open(RAW));
    var late =
        node.await(
            () -> {
              sink.write(bytes(CHUNK));
              sink.abort();
              return Future.succeededFuture(sink.write(bytes(1)));
            });

    node.awaitNothingLeft();
    assertThat(late.failed()).isTrue();
    assertThat(problem(sink::written)).isInstanceOf(Problem.Interrupted.class);
    assertThat(problem(sink::end)).isInstanceOf(Problem.Interrupted.class);
  }

  @ParameterizedTest
  @CsvSource({
    "No space left on device, Full",
    "Disk quota exceeded, Full",
    "File too large, TooLarge",
    "Input/output error, Unavailable"
  })
  void leavesNothingWhenTheDiskFails(String message, String expected) {
    node.store.beforeWrite =
        () -> {
          throw new IOException(message);
        };

    var problem = upload(bytes(10 * WINDOW), RAW);

    assertThat(problem.getClass().getSimpleName()).isEqualTo(expected);
    assertThat(problem.detail()).doesNotContain(message);
    node.awaitNothingLeft();
  }

  @Test
  void tellsTheSenderAtOnceThatTheDiskFails() throws Exception {
    node.store.beforeWrite =
        () -> {
          throw new IOException("No space left on device");
        };
    var sink = node.await(() -> open(RAW));

    node.await(() -> sink.write(bytes(CHUNK)));

    assertThat(problem(sink::written)).isInstanceOf(Problem.Full.class);
    node.awaitNothingLeft();
  }

  @Test
  void leavesNothingWhenTheCommitFails() {
    node.store.beforeCommit =
        () -> {
          throw new IOException("No space left on device");
        };

    assertThat(upload(bytes(CHUNK), RAW)).isInstanceOf(Problem.Full.class);
    node.awaitNothingLeft();
  }

  @Test
  void leavesNothingWhenTheSenderFallsSilent() throws Exception {
    var request =
        new Message.WriteRequest(
            blob, new Message.Constraints(1 << 20, Optional.empty(), List.of()), RAW, "nobody");
    var accepted =
        (Message.WriteAccepted)
            node.vertx
                .eventBus()
                .<Message>request(Addresses.write(NAME), request)
                .await(10, SECONDS)
                .body();
    node.vertx.eventBus().send(accepted.address(), new Message.Chunk(bytes(CHUNK)));

    TestingNode.await("a file", () -> !node.files().isEmpty());
    node.time.letPass(IDLE);
    assertThat(node.files()).hasSize(1);
    node.time.letPass(IDLE);
    node.awaitNothingLeft();
  }

  @Test
  void waitsForASenderThatHasNothingToSend() throws Exception {
    var sink = node.await(() -> open(RAW));

    node.time.letPass(IDLE.multipliedBy(3));
    var written = node.await(() -> send(sink, pieces(bytes(10), 1)));

    assertThat(written.sizeBytes()).isEqualTo(10);
  }

  @Test
  void startsToWaitForTheStoreWhenItOwesSomething() throws Exception {
    var passedOn = new CountDownLatch(1);
    node.store.beforeWrite = passedOn::countDown;
    var sink = node.await(() -> open(RAW));
    node.time.letPass(IDLE.multipliedBy(3));

    node.await(() -> sink.write(bytes(10)));
    node.time.letPass(IDLE.dividedBy(2));
    pass(passedOn);
    var written = node.await(() -> send(sink, pieces(bytes(10), 10)));

    assertThat(written.sizeBytes()).isEqualTo(20);
  }

  @Test
  void givesUpWhenTheStoreStops() throws Exception {
    var sink = node.await(() -> open(RAW));

    node.stopStore();

    assertThat(problem(sink::written)).isInstanceOf(Problem.Unavailable.class);
    node.awaitNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "9, 10", "10, 9", "1000000, 1"})
  void refusesAnotherSizeThanDeclared(int size, long declared) {
    var problem =
        problem(
            () ->
                node.near
                    .write(blob, Long.MAX_VALUE, Optional.of(declared), RAW)
                    .compose(sink -> send(sink, pieces(bytes(size), 1000))));

    assertThat(problem).isInstanceOf(Problem.Invalid.class);
    assertThat(problem.detail()).contains(declared + " bytes");
    node.awaitNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({"10, 10, true", "11, 10, false", "1000000, 10, false", "1, 0, false"})
  void refusesMoreThanTheCap(int size, long cap, boolean isAccepted) throws Exception {
    Supplier<Future<Message.Written>> upload =
        () ->
            node.near
                .write(blob, cap, Optional.empty(), RAW)
                .compose(sink -> send(sink, pieces(bytes(size), 1000)));

    if (isAccepted) {
      assertThat(node.await(upload).sizeBytes()).isEqualTo(size);
    } else {
      assertThat(problem(upload)).isInstanceOf(Problem.TooLarge.class);
      node.awaitNothingLeft();
    }
  }

  @Test
  void refusesContentOfAnotherFormat() {
    var problem = upload(bytes(CHUNK + 1), Optional.of(new Message.Content("qcow2", "bare")));

    assertThat(problem).isInstanceOf(Problem.UnsupportedContent.class);
    node.awaitNothingLeft();
  }

  @Test
  void stopsWhenTheBlobIsNoLongerWanted() throws Exception {
    var sink = node.await(() -> open(RAW));
    node.await(() -> sink.write(bytes(CHUNK)));

    node.vertx.eventBus().publish(Addresses.STORE_DISCARD, blob.id().toString());

    assertThat(problem(sink::written)).isInstanceOf(Problem.Gone.class);
    node.awaitNothingLeft();
  }

  @Test
  void stopsDuringTheCommitWhenTheBlobIsNoLongerWanted() throws Exception {
    var gate = new CountDownLatch(1);
    node.store.beforeCommit = () -> pass(gate);
    var sink = node.await(() -> open(RAW));
    var written = node.await(() -> Future.succeededFuture(send(sink, pieces(bytes(CHUNK), CHUNK))));

    node.vertx.eventBus().publish(Addresses.STORE_DISCARD, blob.id().toString());
    var problem = problem(() -> written);
    gate.countDown();

    assertThat(problem).isInstanceOf(Problem.Gone.class);
    node.awaitNothingLeft();
  }

  @Test
  void goesOnWhenAnotherBlobIsNoLongerWanted() throws Exception {
    var sink = node.await(() -> open(RAW));

    node.vertx.eventBus().publish(Addresses.STORE_DISCARD, blob().id().toString());

    assertThat(node.await(() -> send(sink, pieces(bytes(5), 1))).sizeBytes()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({"slow, node-a", "fast, node-c"})
  void cannotWriteToStoresThatAreNot(String store, String name) {
    var problem =
        problem(() -> node.near.write(blob(store, name), 10, Optional.empty(), Optional.empty()));

    assertThat(problem).isInstanceOf(Problem.Unavailable.class);
    node.awaitNothingLeft();
  }

  @Test
  void refusesASecondSenderOfABlob() throws Exception {
    var first = node.await(() -> open(RAW));

    assertThat(problem(() -> open(RAW))).isInstanceOf(Problem.Unavailable.class);

    assertThat(node.await(() -> send(first, pieces(bytes(5), 1))).sizeBytes()).isEqualTo(5);
  }

  private Future<BlobSink> open(Optional<Message.Content> content) {
    return node.near.write(blob, Long.MAX_VALUE, Optional.empty(), content);
  }

  private Problem upload(Buffer content, Optional<Message.Content> declared) {
    return problem(() -> open(declared).compose(sink -> send(sink, pieces(content, 5000))));
  }

  private <T> Problem problem(Supplier<Future<T>> action) {
    return catchThrowableOfType(ProblemException.class, () -> node.await(action)).problem();
  }

  private static void pass(CountDownLatch gate) throws IOException {
    try {
      assertThat(gate.await(20, SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }
}
