package io.vitrine.transfer.stream;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vitrine.image.location.BlobPart;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.Problem;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.bus.Peers;
import io.vitrine.transfer.bus.ProblemCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * The client of the stores. It reaches those of this node over the local event bus, independently
 * of other nodes, and another node only for data that no other has.
 */
public final class StoreClient {
  private static final int READ_WINDOW_BYTES = 4 << 20;
  private static final long USE_DEADLINE_MILLIS = 5000;

  private final Vertx vertx;
  private final String node;
  private final Peers peers;
  private final IdleLimit idle;
  private final Duration patience;

  /**
   * A client on a node that has peers.
   *
   * @param idle how long a store or another node may be silent while it owes an answer
   */
  public StoreClient(Vertx vertx, String node, Peers peers, IdleLimit idle) {
    this.vertx = vertx;
    this.node = node;
    this.peers = peers;
    this.idle = idle;
    this.patience = idle.timeout();
  }

  private StoreClient(StoreClient other, Duration patience) {
    this.vertx = other.vertx;
    this.node = other.node;
    this.peers = other.peers;
    this.idle = other.idle;
    this.patience = patience;
  }

  /** The node of the client. */
  public String node() {
    return node;
  }

  /**
   * A client for work that others can take over: reading from another node fails after it has been
   * silent this long.
   */
  public StoreClient impatient(Duration silence) {
    return new StoreClient(this, silence);
  }

  /**
   * Begins to write a blob to the store of the node that it names.
   *
   * @param content what the data claims to be; absent: it gets one digest and is not inspected
   */
  public Future<BlobSink> write(
      BlobRef blob,
      long maxBytes,
      Optional<Long> expectedBytes,
      Optional<Message.Content> content) {
    return write(blob, maxBytes, new Expected(expectedBytes, List.of()), content);
  }

  /**
   * What the sender knows about the data.
   *
   * @param bytes its length
   * @param digests the digests that it must have, or else the store refuses it
   */
  public record Expected(Optional<Long> bytes, List<HashClaim> digests) {
    /** Copies the list. */
    public Expected {
      digests = List.copyOf(digests);
    }
  }

  /** Begins to write a blob with expected length and digests. */
  public Future<BlobSink> write(
      BlobRef blob, long maxBytes, Expected expected, Optional<Message.Content> content) {
    var constraints = new Message.Constraints(maxBytes, expected.bytes(), expected.digests());
    return write(
        blob.node(), sender -> new Message.WriteRequest(blob, constraints, content, sender));
  }

  /** Goes on with a blob that may take several requests, in the store of this node. */
  public Future<BlobSink> resume(
      BlobRef blob,
      Message.Constraints constraints,
      Optional<Message.Content> content,
      Message.Resumption resumption) {
    return write(
            node,
            sender ->
                new Message.WriteRequest(
                    blob, constraints, content, Optional.of(resumption), sender))
        .onSuccess(sink -> sink.resumeAt(resumption.offset()));
  }

  private Future<BlobSink> write(String to, Function<String, Message.WriteRequest> request) {
    var consumer = consumer();
    var sink = new BlobSink(vertx, consumer, idle);
    return consumer
        .completion()
        .compose(
            registered ->
                vertx
                    .eventBus()
                    .<Message.WriteAccepted>request(
                        Addresses.write(to), request.apply(consumer.address())))
        .map(reply -> sink.open(reply.body()))
        .onFailure(failure -> sink.close())
        .recover(failure -> Future.failedFuture(ProblemCodec.unwrap(failure)));
  }

  /**
   * Finds a blob's bytes: on this node, else on the node that wrote them.
   *
   * @param range absent: the whole blob; required for a blob on a web server
   */
  public Future<BlobSource> read(BlobRef blob, Optional<ByteRange> range) {
    return read(blob, Optional.empty(), range);
  }

  /**
   * Finds a blob's bytes and checks its size.
   *
   * @param blobBytes absent: any size
   */
  public Future<BlobSource> read(
      BlobRef blob, Optional<Long> blobBytes, Optional<ByteRange> range) {
    if (blob.url().isPresent()) {
      return Future.succeededFuture(
          new BlobSource.OnWeb(blob.store(), blob.url().get(), range.orElseThrow()));
    }
    var part = new BlobPart(blob.bytes(), blobBytes, range);
    return readHere(part)
        .recover(
            failure ->
                isFinal(failure) || blob.node().equals(node)
                    ? Future.failedFuture(failure)
                    : readThere(part, failure))
        .recover(failure -> Future.failedFuture(ProblemCodec.unwrap(failure)));
  }

  /** Whether no other node can help: the store is shared, or the bytes here are wrong. */
  private static boolean isFinal(Throwable failure) {
    var problem = ProblemCodec.toProblem(failure);
    return problem instanceof Problem.Missing || problem instanceof Problem.Damaged;
  }

  /**
   * Reads from the other node; if that is unreachable, this is the failure only for data that is
   * not here.
   */
  private Future<BlobSource> readThere(BlobPart part, Throwable hereFailure) {
    boolean isHere = !(ProblemCodec.toProblem(hereFailure) instanceof Problem.NotFound);
    return PieceStream.open(vertx, peers, part, patience)
        .<BlobSource>map(BlobSource.InStream::new)
        .recover(
            failure ->
                Future.failedFuture(
                    isHere && ProblemCodec.toProblem(failure) instanceof Problem.Unreachable
                        ? hereFailure
                        : failure));
  }

  /** Where the bytes are comes first: a stream is opened only if they are not in a file. */
  private Future<BlobSource> readHere(BlobPart part) {
    return vertx
        .eventBus()
        .<Message>request(Addresses.locate(node), new Message.LocateRequest(part))
        .compose(
            reply ->
                reply.body()
                        instanceof Message.LocalFile(String path, ByteRange range, boolean isDirect)
                    ? Future.succeededFuture(new BlobSource.InFile(Path.of(path), range, isDirect))
                    : stream(part));
  }

  private Future<BlobSource> stream(BlobPart part) {
    var consumer = consumer();
    var stream = new BlobStream(vertx, consumer, idle);
    var request = new Message.ReadRequest(part, consumer.address());
    return consumer
        .completion()
        .compose(
            registered ->
                vertx.eventBus().<Message.ReadAccepted>request(Addresses.read(node), request))
        .<BlobSource>map(
            reply -> new BlobSource.InStream(stream.open(reply.body(), READ_WINDOW_BYTES)))
        .onFailure(failure -> stream.close());
  }

  /** Whether others, such as clones, depend on a blob. Fails if its store does not answer soon. */
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
   * Deletes a blob from the store of a node. True if it is gone for all nodes; a store local to the
   * node cannot tell this for a blob that it does not have.
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

  /** The consumer of one transfer's replies. */
  private MessageConsumer<Message> consumer() {
    return vertx.eventBus().localConsumer("stream." + UUID.randomUUID());
  }
}
