package io.vitrine.transfer.stream;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.bus.Peers;
import io.vitrine.transfer.bus.ProblemCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Asks the stores: those of this node over its own event bus, whatever becomes of others, and for
 * what only another node has, that node.
 */
public final class StoreClient {
  private static final int READ_WINDOW_BYTES = 4 << 20;
  private static final long USE_DEADLINE_MILLIS = 5000;

  private final Vertx vertx;
  private final String node;
  private final Peers peers;
  private final Duration idleTimeout;
  private final Duration patience;

  /**
   * A client on a node that has peers.
   *
   * @param idleTimeout how long a store may be silent while it owes an answer, and another node
   */
  public StoreClient(Vertx vertx, String node, Peers peers, Duration idleTimeout) {
    this(vertx, node, peers, idleTimeout, idleTimeout);
  }

  private StoreClient(
      Vertx vertx, String node, Peers peers, Duration idleTimeout, Duration patience) {
    this.vertx = vertx;
    this.node = node;
    this.peers = peers;
    this.idleTimeout = idleTimeout;
    this.patience = patience;
  }

  /**
   * The same for those who can leave their work to somebody else: what only another node has fails
   * once that node has been silent for so long.
   */
  public StoreClient impatient(Duration silence) {
    return new StoreClient(vertx, node, peers, idleTimeout, silence);
  }

  /**
   * Begins to write a blob to the store of the node that the blob names.
   *
   * @param content what the data claims to be; absent for data that is hashed once and not
   *     inspected
   */
  public Future<BlobSink> write(
      BlobRef blob,
      long maxBytes,
      Optional<Long> expectedBytes,
      Optional<Message.Content> content) {
    return write(blob, maxBytes, new Expected(expectedBytes, List.of()), content);
  }

  /**
   * What the sender knows of the data beforehand.
   *
   * @param bytes its length
   * @param digests what it hashes to; the store refuses it otherwise
   */
  public record Expected(Optional<Long> bytes, List<HashClaim> digests) {
    /** Copies the list. */
    public Expected {
      digests = List.copyOf(digests);
    }
  }

  /** As above, with digests that the data must have. */
  public Future<BlobSink> write(
      BlobRef blob, long maxBytes, Expected expected, Optional<Message.Content> content) {
    var consumer = consumer();
    var sink = new BlobSink(vertx, consumer, idleTimeout);
    var request =
        new Message.WriteRequest(
            blob, maxBytes, expected.bytes(), content, consumer.address(), expected.digests());
    return consumer
        .completion()
        .compose(
            registered ->
                vertx
                    .eventBus()
                    .<Message.WriteAccepted>request(Addresses.write(blob.node()), request))
        .map(reply -> sink.open(reply.body()))
        .onFailure(failure -> sink.close())
        .recover(failure -> Future.failedFuture(ProblemCodec.unwrap(failure)));
  }

  /**
   * Finds the bytes of a blob: on this node if they are here, else on the node that wrote them.
   *
   * @param range absent: all of it; it must be given for a blob on a server of others
   */
  public Future<BlobSource> read(BlobRef blob, Optional<ByteRange> range) {
    return read(blob, Optional.empty(), range);
  }

  /**
   * As above, of a blob that must be so large.
   *
   * @param blobBytes absent: any size
   */
  public Future<BlobSource> read(
      BlobRef blob, Optional<Long> blobBytes, Optional<ByteRange> range) {
    if (blob.url().isPresent()) {
      return Future.succeededFuture(
          new BlobSource.OnWeb(blob.store(), blob.url().get(), range.orElseThrow()));
    }
    return readHere(blob, blobBytes, range)
        .recover(
            failure ->
                isFinal(failure) || blob.node().equals(node)
                    ? Future.failedFuture(failure)
                    : readThere(new PieceStream.Wanted(blob.bytes(), blobBytes, range), failure))
        .recover(failure -> Future.failedFuture(ProblemCodec.unwrap(failure)));
  }

  /** No other node has what a store of all nodes lacks, or other bytes of what is here. */
  private static boolean isFinal(Throwable failure) {
    var problem = ProblemCodec.toProblem(failure);
    return problem instanceof Problem.Missing || problem instanceof Problem.Damaged;
  }

  /** A node that cannot be reached is the reason only for data that is not here. */
  private Future<BlobSource> readThere(PieceStream.Wanted wanted, Throwable hereFailure) {
    boolean isHere = !(ProblemCodec.toProblem(hereFailure) instanceof Problem.NotFound);
    return PieceStream.open(vertx, peers, wanted, patience)
        .<BlobSource>map(BlobSource.InStream::new)
        .recover(
            failure ->
                Future.failedFuture(
                    isHere && ProblemCodec.toProblem(failure) instanceof Problem.Unreachable
                        ? hereFailure
                        : failure));
  }

  private Future<BlobSource> readHere(
      BlobRef blob, Optional<Long> blobBytes, Optional<ByteRange> range) {
    var consumer = consumer();
    var stream = new BlobStream(vertx, consumer, idleTimeout);
    var request = new Message.ReadRequest(blob.bytes(), blobBytes, range, consumer.address());
    return consumer
        .completion()
        .compose(registered -> vertx.eventBus().<Message>request(Addresses.read(node), request))
        .map(reply -> toSource(reply.body(), stream))
        .onFailure(failure -> stream.close());
  }

  private static BlobSource toSource(Message answer, BlobStream stream) {
    return switch (answer) {
      case Message.LocalFile(String path, ByteRange range, boolean isDirect) -> {
        stream.close();
        yield new BlobSource.InFile(Path.of(path), range, isDirect);
      }
      case Message.ReadAccepted accepted ->
          new BlobSource.InStream(stream.open(accepted, READ_WINDOW_BYTES));
      default ->
          throw new ProblemException(new Problem.Unavailable("The store gave no usable answer."));
    };
  }

  /** Whether others depend on a blob, as its clones do. Fails if its store does not say so soon. */
  public Future<Boolean> isInUse(BlobRef blob) {
    return vertx
        .eventBus()
        .<Message.Use>request(
            Addresses.use(node),
            new Message.UseRequest(blob.bytes()),
            new DeliveryOptions().setSendTimeout(USE_DEADLINE_MILLIS))
        .map(reply -> reply.body().isInUse())
        .recover(failure -> Future.failedFuture(ProblemCodec.unwrap(failure)));
  }

  /**
   * Removes a blob from the store of a node; true if it is gone for all nodes, which is what a
   * store that only this node sees cannot say of a blob that it does not have.
   */
  public Future<Boolean> delete(BlobRef blob, String from) {
    if (blob.url().isPresent()) {
      return Future.succeededFuture(true);
    }
    return vertx
        .eventBus()
        .<Message.Deleted>request(Addresses.delete(from), new Message.DeleteRequest(blob.bytes()))
        .map(reply -> reply.body().found() || reply.body().everywhere())
        .recover(failure -> Future.failedFuture(ProblemCodec.unwrap(failure)));
  }

  /** Where the answers of one transfer come. */
  private MessageConsumer<Message> consumer() {
    return vertx.eventBus().localConsumer("stream." + UUID.randomUUID());
  }
}
