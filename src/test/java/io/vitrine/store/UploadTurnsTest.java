package io.vitrine.store;

import static io.vitrine.store.TestingContent.bytes;
import static io.vitrine.store.TestingContent.digests;
import static io.vitrine.store.TestingContent.pieces;
import static io.vitrine.store.TestingNode.CHUNK;
import static io.vitrine.store.TestingNode.blob;
import static io.vitrine.store.TestingNode.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads in several transfers to the stores of one process, and of those that follow it. */
class UploadTurnsTest {
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Optional<Message.Content> RAW =
      Optional.of(new Message.Content("raw", "bare"));
  private static final Buffer DATA = bytes(40 * CHUNK + 1);

  private final Path directory;
  private final BlobRef blob = blob();
  private TestingNode node;

  UploadTurnsTest(@TempDir Path directory) throws Exception {
    this.directory = directory;
    this.node = new TestingNode(directory, IDLE);
  }

  @AfterEach
  void close() throws TimeoutException {
    node.close();
  }

  /** Another process in the place of this one, which has computed nothing yet. */
  private void restart() throws Exception {
    node.close();
    node = new TestingNode(directory, IDLE);
  }

  private BlobSink open(int turn, long offset, Optional<HashClaim> checksum) throws Exception {
    return node.await(
        () ->
            node.near.resume(
                blob,
                new Message.Constraints(
                    Long.MAX_VALUE, Optional.of((long) DATA.length()), List.of()),
                RAW,
                new Message.Resumption(turn, offset, checksum)));
  }

  private BlobSink open(int turn, long offset) throws Exception {
    return open(turn, offset, Optional.empty());
  }

  private Message.Written write(BlobSink sink, int from, int to) throws Exception {
    return node.await(() -> send(sink, pieces(DATA.slice(from, to), 10_000)));
  }

  private <T> Problem problem(Supplier<Future<T>> failing) {
    return catchThrowableOfType(ProblemException.class, () -> node.await(failing)).problem();
  }

  private void assertIsWhole(Message.Written written) {
    assertThat(written.sizeBytes()).isEqualTo(DATA.length());
    assertThat(written.digests()).contains(digests(DATA));
    assertThat(node.store.file(blob).orElseThrow()).hasBinaryContent(DATA.getBytes());
    assertThat(node.budget.active()).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void computesOverAllTransfers(boolean isRestarted) throws Exception {
    var part = write(open(1, 0), 0, 5 * CHUNK);
    assertThat(part).isEqualTo(new Message.Written(5 * CHUNK, Optional.empty(), Optional.empty()));
    if (isRestarted) {
      restart();
    }
    assertThat(write(open(2, 5 * CHUNK), 5 * CHUNK, 30 * CHUNK + 7).digests()).isEmpty();

    assertIsWhole(write(open(3, 30 * CHUNK + 7), 30 * CHUNK + 7, DATA.length()));
  }

  /** The request may have lost its turn while the store was opened. */
  @Test
  void changesNothingBeforeDataComes() throws Exception {
    write(open(1, 0), 0, CHUNK);
    write(open(3, CHUNK), CHUNK, 2 * CHUNK);

    var late = open(2, CHUNK);
    node.await(
        () -> {
          late.abort();
          return late.written().otherwiseEmpty();
        });

    assertIsWhole(write(open(4, 2 * CHUNK), 2 * CHUNK, DATA.length()));
  }

  @Test
  void goesOnAtEarlierBytes() throws Exception {
    write(open(1, 0), 0, 9 * CHUNK);

    assertIsWhole(write(open(2, 4 * CHUNK), 4 * CHUNK, DATA.length()));
  }

  /** What another process has written in between is not what has been computed here. */
  @Test
  void computesAnewAfterTheTurnOfAnotherProcess() throws Exception {
    var first = open(1, 0);
    node.await(() -> send(first, pieces(bytes(8 * CHUNK), 10_000)));
    try (var other = new TestingNode(directory, IDLE)) {
      var sink =
          other.await(
              () ->
                  other.near.resume(
                      blob,
                      new Message.Constraints(
                          Long.MAX_VALUE, Optional.of((long) DATA.length()), List.of()),
                      RAW,
                      new Message.Resumption(2, 0, Optional.empty())));
      other.await(() -> send(sink, pieces(DATA.slice(0, 9 * CHUNK), 10_000)));
    }

    assertIsWhole(write(open(3, 9 * CHUNK), 9 * CHUNK, DATA.length()));
  }

  @Test
  void keepsWhatWasSentBeforeTheSenderLeft() throws Exception {
    var sink = open(1, 0);
    node.await(() -> sink.write(DATA.slice(0, 100)));
    assertThat(node.await(() -> sink.keep(false))).isEqualTo(100);
    node.await(() -> sink.write(DATA.slice(100, 130)));

    assertThat(node.await(() -> sink.keep(true))).isEqualTo(130);

    assertThat(problem(() -> sink.keep(true))).isInstanceOf(Problem.Interrupted.class);
    assertIsWhole(write(open(2, 130), 130, DATA.length()));
  }

  @Test
  void endsTheTransferBefore() throws Exception {
    var silent = open(1, 0);
    node.await(() -> silent.write(DATA.slice(0, 3 * CHUNK)));
    node.await(() -> silent.keep(false));

    var next = open(2, 2 * CHUNK);

    assertThat(problem(silent::written)).isInstanceOf(Problem.Conflict.class);
    assertIsWhole(write(next, 2 * CHUNK, DATA.length()));
  }

  @Test
  void countsNothingOfATransferWithAnotherChecksum() throws Exception {
    write(open(1, 0), 0, CHUNK);
    var claim = new HashClaim(HashAlgorithm.MD5, "0".repeat(32));
    var wrong = open(2, CHUNK, Optional.of(claim));
    assertThat(problem(() -> send(wrong, pieces(DATA.slice(CHUNK, DATA.length()), 10_000))))
        .isInstanceOf(Problem.ChecksumMismatch.class);

    assertIsWhole(write(open(3, CHUNK), CHUNK, DATA.length()));
  }

  private BlobSink open(int turn, long offset, Message.TurnKind kind, Optional<Long> length)
      throws Exception {
    return node.await(
        () ->
            node.near.resume(
                blob,
                new Message.Constraints(Long.MAX_VALUE, length, List.of()),
                RAW,
                new Message.Resumption(turn, offset, Optional.empty(), kind)));
  }

  /** The sender may know better than the length. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isWholeWhenTheSenderSaysSo(boolean isLengthKnown) throws Exception {
    var length = Optional.of((long) DATA.length()).filter(known -> isLengthKnown);
    var all = write(open(1, 0, Message.TurnKind.MORE, length), 0, DATA.length());
    assertThat(all.sizeBytes()).isEqualTo(DATA.length());
    assertThat(all.digests()).isEmpty();

    var last = open(2, DATA.length(), Message.TurnKind.LAST, length);

    assertIsWhole(write(last, DATA.length(), DATA.length()));
  }

  @Test
  void isNotWholeWithoutItsLength() throws Exception {
    var sink = open(1, 0, Message.TurnKind.LAST, Optional.of((long) DATA.length()));

    assertThat(problem(() -> send(sink, pieces(DATA.slice(0, CHUNK), 10_000))))
        .isInstanceOf(Problem.Invalid.class);
  }
}
