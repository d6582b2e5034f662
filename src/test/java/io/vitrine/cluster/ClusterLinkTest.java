package io.vitrine.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vitrine.config.Secret;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.listener.TestingCertificate;
import io.vitrine.testing.TestingConditions;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.bus.Codecs;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.bus.ProblemCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Real links between nodes of one process, each with an event bus of its own. They wait for each
 * other most of the time, and so do it together.
 */
@Execution(ExecutionMode.CONCURRENT)
class ClusterLinkTest {
  private static final ClusterConfig.Tls CLEAR =
      new ClusterConfig.Tls(Optional.empty(), Optional.empty(), Optional.empty());

  private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

  private final List<Node> nodes = new ArrayList<>();
  private final List<String> members = List.of(member(), member(), member());

  ClusterLinkTest() throws IOException {}

  private static String member() throws IOException {
    return "127.0.0.1:" + freePort();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @AfterEach
  void close() throws TimeoutException {
    for (var node : nodes) {
      node.close();
    }
  }

  @Test
  void asksAnotherNode() throws Exception {
    start(0, "", CLEAR);
    var node = start(1, "", CLEAR);

    await("an answer of node 0", () -> node.hears("node-0"));

    assertThat(node.ask("node-0").blobBytes()).isEqualTo(4);
    assertThat(node.ask("node-1").blobBytes()).isEqualTo(4);
    assertThat(problem(node, "node-7")).isInstanceOf(Problem.Unreachable.class);
  }

  @Test
  void tellsWhatAnotherNodeCannotGive() throws Exception {
    var other = join(0, "", CLEAR);
    var node = join(1, "", CLEAR);
    await("an answer of node 0", () -> node.hears("node-0"));

    other.refusal = new Problem.NotFound("It is not here.");

    assertThat(problem(node, "node-0")).isEqualTo(new Problem.NotFound("It is not here."));
  }

  @Test
  void passesHintsOnOnceToEachNode() throws Exception {
    var nodes = List.of(join(0, "", CLEAR), join(1, "", CLEAR), join(2, "", CLEAR));
    await(
        "all to hear each other",
        () -> nodes.stream().allMatch(node -> node.hears("node-0") && node.hears("node-1")));
    await("hints to arrive", () -> arrive(nodes));
    var before = nodes.stream().map(node -> node.hints.get()).toList();

    nodes.get(1).vertx.eventBus().publish(Addresses.IMPORT_WAKE, "");

    await(
        "the hint",
        () -> nodes.get(0).hints.get() > before.get(0) && nodes.get(2).hints.get() > before.get(2));
    nodes.get(0).ask("node-1");
    nodes.get(2).ask("node-1");
    assertThat(nodes.stream().map(node -> node.hints.get()))
        .containsExactly(before.get(0) + 1, before.get(1) + 1, before.get(2) + 1);
  }

  private static boolean arrive(List<Node> nodes) {
    var before = nodes.stream().map(node -> node.hints.get()).toList();
    nodes.get(1).vertx.eventBus().publish(Addresses.IMPORT_WAKE, "");
    long deadline = System.nanoTime() + SECONDS.toNanos(1);
    while (System.nanoTime() < deadline) {
      if (nodes.get(0).hints.get() > before.get(0) && nodes.get(2).hints.get() > before.get(2)) {
        return true;
      }
      LockSupport.parkNanos(1_000_000);
    }
    return false;
  }

  @Test
  void findsNobodyUnderAnotherSecret() throws Exception {
    join(0, "one", CLEAR);
    var other = join(1, "two", CLEAR);
    var node = join(2, "one", CLEAR);

    await("an answer of node 0", () -> node.hears("node-0"));

    assertThat(problem(other, "node-0")).isInstanceOf(Problem.Unreachable.class);
    assertThat(problem(node, "node-1")).isInstanceOf(Problem.Unreachable.class);
  }

  @Test
  void talksEncryptedToThoseWithACertificate(@TempDir Path directory) throws Exception {
    var known = tls(directory, "node");
    join(0, "", known);
    var node = join(1, "", known);
    var stranger = join(2, "", tls(directory, "stranger"));

    await("an answer of node 0", () -> node.hears("node-0"));

    assertThat(problem(stranger, "node-0")).isInstanceOf(Problem.Unreachable.class);
    assertThat(problem(node, "node-2")).isInstanceOf(Problem.Unreachable.class);
  }

  @Test
  void takesAFriendForGoneThatHasLeft() throws Exception {
    var other = join(0, "", CLEAR);
    var node = join(1, "", CLEAR);
    await("an answer of node 0", () -> node.hears("node-0"));

    other.link.close().await(30, SECONDS);

    await("node 0 to be unreachable", () -> problem(node, "node-0") instanceof Problem.Unreachable);
  }

  @Test
  void triesAgainWhenThePortIsTaken() throws Exception {
    int port = Integer.parseInt(members.getFirst().split(":", -1)[1]);
    var taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    try (taken) {
      var node = start(0, "", CLEAR);
      assertThat(problem(node, "node-0")).isInstanceOf(Problem.Unreachable.class);
    }

    await("its own answer", () -> nodes.getFirst().hears("node-0"));
  }

  /** A certificate of a node, which is also the authority that all know. */
  private static ClusterConfig.Tls tls(Path directory, String name) throws Exception {
    var certificate = TestingCertificate.of("EC");
    var file = directory.resolve(name + ".crt");
    var key = directory.resolve(name + ".key");
    certificate.writeCertificate(file);
    certificate.writeKey(key);
    return new ClusterConfig.Tls(
        Optional.of(file), Optional.of(key), Optional.of(directory.resolve("node.crt")));
  }

  /**
   * Starts a node and waits for its own answer: nodes that start at once ask each other for seconds
   * who the master is.
   */
  private Node join(int index, String secret, ClusterConfig.Tls tls) throws IOException {
    var node = start(index, secret, tls);
    await("its own answer", () -> node.hears("node-" + index));
    return node;
  }

  private Node start(int index, String secret, ClusterConfig.Tls tls) throws IOException {
    var config =
        new ClusterConfig(
            true,
            "testing-" + members.getFirst().replace(':', '-'),
            new Secret(secret),
            "",
            members,
            "127.0.0.1",
            Integer.parseInt(members.get(index).split(":", -1)[1]),
            freePort(),
            new ClusterConfig.Heartbeat(Duration.ofSeconds(1), Duration.ofSeconds(5)),
            new ClusterConfig.Merge(Duration.ofSeconds(1), Duration.ofSeconds(1)),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            tls);
    var node = new Node("node-" + index, config);
    nodes.add(node);
    return node;
  }

  private static Problem problem(Node node, String name) {
    return catchThrowableOfType(ProblemException.class, () -> node.ask(name)).problem();
  }

  private static void await(String condition, BooleanSupplier isMet) {
    TestingConditions.await(condition, isMet);
  }

  /** A node whose store gives four bytes of any blob. */
  private static final class Node implements AutoCloseable {
    private static final BlobRef BLOB =
        new BlobRef(
            UUID.randomUUID(),
            ImageId.random(),
            BlobRef.Purpose.STAGING,
            new BlobRef.Place(BlobRef.STAGING_STORE, "node-0"));

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger hints = new AtomicInteger();
    private final ClusterLink link;
    private volatile Problem refusal = new Problem.Invalid("");

    private Node(String name, ClusterConfig config) {
      Codecs.register(vertx);
      vertx.eventBus().<String>consumer(Addresses.IMPORT_WAKE, hint -> hints.incrementAndGet());
      vertx
          .eventBus()
          .<Message.PieceRequest>consumer(
              Addresses.piece(name),
              request -> {
                if (refusal instanceof Problem.Invalid) {
                  request.reply(new Message.Piece(4, Buffer.buffer("data")));
                } else {
                  var reply = ProblemCodec.toReply(new ProblemException(refusal));
                  request.fail(reply.failureCode(), reply.getMessage());
                }
              });
      link = ClusterLink.open(vertx, name, config, RETRY_PAUSE);
    }

    private Message.Piece ask(String name) {
      try {
        return link.ask(name, new Message.PieceRequest(BLOB, new ByteRange(0, 4)))
            .await(20, SECONDS);
      } catch (TimeoutException late) {
        throw new AssertionError(late);
      }
    }

    private boolean hears(String name) {
      try {
        ask(name);
        return true;
      } catch (ProblemException unreachable) {
        return false;
      }
    }

    @Override
    public void close() throws TimeoutException {
      link.close().await(30, SECONDS);
      vertx.close().await(30, SECONDS);
    }
  }
}
