package io.vitrine.store.blob;

import static io.vitrine.store.TestingContent.bytes;
import static io.vitrine.store.TestingNode.NAME;
import static io.vitrine.store.TestingNode.blob;
import static io.vitrine.store.TestingNode.receive;
import static io.vitrine.store.TestingNode.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Future;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.store.TestingNode;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.bus.Peers;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one node reads of another. */
class PiecesTest {
  private static final int PIECE = 256 << 10;

  private final TestingNode node;

  PiecesTest(@TempDir Path directory) throws Exception {
    this.node = new TestingNode(directory, Duration.ofMillis(500));
  }

  @AfterEach
  void close() throws TimeoutException {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, PIECE - 1, PIECE, PIECE + 1, 10 << 20})
  void readsContentOfAnySize(int size) throws Exception {
    var content = bytes(size);
    var blob = node.put(content);

    var source = node.await(() -> node.far.read(blob, Optional.empty()));

    assertThat(source.sizeBytes()).isEqualTo(size);
    assertThat(node.await(() -> receive(source))).isEqualTo(content);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "262143, 2", "262144, 262144", "1, 599999", "599999, 1", "5, 0", "0, 600000"})
  void readsARange(int offset, int length) throws Exception {
    var content = bytes(600_000);
    var blob = node.put(content);

    var received =
        node.await(
            () ->
                node.far
                    .read(blob, Optional.of(new ByteRange(offset, length)))
                    .compose(TestingNode::receive));

    assertThat(received).isEqualTo(content.getBuffer(offset, offset + length));
  }

  @Test
  void asksAgainForWhatWasLost() throws Exception {
    var content = bytes(4 << 20);
    var blob = node.put(content);
    var asked = new AtomicInteger();
    node.peers =
        (name, piece) ->
            asked.incrementAndGet() % 3 == 0
                ? Future.failedFuture(Peers.unreachable())
                : node.ask(name, piece);

    // A piece may be lost again and again, with no other on the way.
    var patient = node.far.impatient(Duration.ofSeconds(20));
    var received =
        node.await(() -> patient.read(blob, Optional.empty()).compose(TestingNode::receive));

    assertThat(received).isEqualTo(content);
    assertThat(asked.get()).isGreaterThan(16);
  }

  @Test
  void givesUpANodeThatIsSilentForTooLong() throws Exception {
    var blob = node.put(bytes(10 << 20));
    var source = node.await(() -> node.far.read(blob, Optional.empty()));

    node.stopStore();

    assertThat(problem(() -> receive(source))).isInstanceOf(Problem.Unreachable.class);
  }

  @Test
  void givesUpSoonWhereOthersCanGoOn() throws Exception {
    var blob = node.put(bytes(10 << 20));
    var impatient = node.far.impatient(Duration.ofMillis(1));
    var source = node.await(() -> impatient.read(blob, Optional.empty()));
    var asked = new AtomicInteger();
    node.peers =
        (name, piece) -> {
          asked.incrementAndGet();
          return Future.failedFuture(Peers.unreachable());
        };

    assertThat(problem(() -> receive(source))).isInstanceOf(Problem.Unreachable.class);

    assertThat(asked.get()).as("none is asked for more than twice").isLessThanOrEqualTo(16);
  }

  @Test
  void doesNotTakeAPauseOfTheReaderForSilence() throws Exception {
    var content = bytes(4 << 20);
    var blob = node.put(content);
    var patience = Duration.ofMillis(100);
    var source = node.await(() -> node.far.impatient(patience).read(blob, Optional.empty()));
    // Another reader loses its patience meanwhile.
    var other = node.await(() -> node.far.impatient(patience).read(blob, Optional.empty()));
    node.peers = (name, piece) -> Future.failedFuture(Peers.unreachable());
    assertThat(problem(() -> receive(other))).isInstanceOf(Problem.Unreachable.class);
    var asked = new AtomicInteger();
    node.peers =
        (name, piece) ->
            asked.incrementAndGet() == 1
                ? Future.failedFuture(Peers.unreachable())
                : node.ask(name, piece);

    assertThat(node.await(() -> receive(source))).isEqualTo(content);
  }

  @Test
  void asksForNoMoreThanAReaderMayWant() throws Exception {
    var blob = node.put(bytes(10 << 20));
    var asked = new AtomicInteger();
    node.peers =
        (name, piece) -> {
          asked.incrementAndGet();
          return node.ask(name, piece);
        };
    var stream = stream(node.await(() -> node.far.read(blob, Optional.empty())));
    var taken = new AtomicInteger();

    node.await(
        () -> {
          stream.handler(data -> taken.incrementAndGet()).fetch(1);
          return Future.succeededFuture();
        });
    TestingNode.await("one piece", () -> taken.get() == 1);

    assertThat(asked.get()).isLessThanOrEqualTo(9);
    node.await(
        () -> {
          stream.abort();
          return Future.succeededFuture();
        });
  }

  @Test
  void findsThatTheBlobHasBecomeShorter() throws Exception {
    var blob = node.put(bytes(10 << 20));
    var source = node.await(() -> node.far.read(blob, Optional.empty()));

    try (var file =
        FileChannel.open(node.store.file(blob).orElseThrow(), StandardOpenOption.WRITE)) {
      file.truncate(1 << 20);
    }

    assertThat(problem(() -> receive(source))).isInstanceOf(Problem.Damaged.class);
  }

  @Test
  void cannotReadWhatIsNotThere() throws Exception {
    var blob = node.put(bytes(10));
    var beyond = Optional.of(new ByteRange(5, 6));

    assertThat(problem(() -> node.far.read(blob(), Optional.empty())))
        .isInstanceOf(Problem.Missing.class);
    assertThat(problem(() -> node.far.read(blob("slow", NAME), Optional.empty())))
        .isInstanceOf(Problem.Unavailable.class);
    assertThat(problem(() -> node.near.read(blob("fast", "node-c"), Optional.empty())))
        .isInstanceOf(Problem.Unreachable.class);
    assertThat(problem(() -> node.far.read(blob("fast", "node-c"), Optional.empty())))
        .isInstanceOf(Problem.Unavailable.class);
    assertThat(problem(() -> node.far.read(blob, beyond))).isInstanceOf(Problem.Damaged.class);
  }

  @Test
  void neverGivesMoreThanAMebibyteAtOnce() throws Exception {
    var blob = node.put(bytes(3 << 20));

    var piece =
        node.await(() -> node.ask(NAME, new Message.PieceRequest(blob, new ByteRange(1, 3 << 20))));

    assertThat(piece.blobBytes()).isEqualTo(3 << 20);
    assertThat(piece.data().length()).isEqualTo(1 << 20);
  }

  private <T> Problem problem(Supplier<Future<T>> action) {
    return catchThrowableOfType(ProblemException.class, () -> node.await(action)).problem();
  }
}
