package io.vitrine.store;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vitrine.format.FormatRules;
import io.vitrine.format.TestingFormatConfig;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.net.stream.SizedStream;
import io.vitrine.observe.trace.Traces;
import io.vitrine.store.file.FileBlobStore;
import io.vitrine.store.file.FileLayout;
import io.vitrine.store.node.NodeStores;
import io.vitrine.store.node.StoreExecutor;
import io.vitrine.store.node.StorePools;
import io.vitrine.store.node.StoreWatch;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingTicker;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.bus.Codecs;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.bus.Peers;
import io.vitrine.transfer.bus.ProblemCodec;
import io.vitrine.transfer.stream.BlobSink;
import io.vitrine.transfer.stream.BlobSource;
import io.vitrine.transfer.stream.IdleLimit;
import io.vitrine.transfer.stream.StoreClient;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A node with one store in files, on an event bus of its own, and clients of it. */
public final class TestingNode implements AutoCloseable {
  public static final String NAME = "node-a";
  static final int CHUNK = 64 << 10;
  static final int WINDOW = 4 * CHUNK;

  final Vertx vertx = Vertx.vertx();

  /** Measures the silence on transfers. */
  final TestingTicker time = new TestingTicker();

  final TransferBudget budget = new TransferBudget(CHUNK, WINDOW, 1L << 30);
  public final TestingBlobStore store;

  /** What {@link #far} asks other nodes by. */
  public volatile Peers peers = this::ask;

  /** A client on the node of the store, and one on another. */
  public final StoreClient near;

  public final StoreClient far;

  /** The most bytes that were on the way without having been asked for. */
  private long peakBytes;

  private long onTheWayBytes;

  private final StorePools pools = StorePools.of(2);
  private final Path directory;
  private final String deployment;
  private final Context context = vertx.getOrCreateContext();

  public TestingNode(Path directory, Duration idleTimeout) throws IOException, TimeoutException {
    var idle = new IdleLimit(time, idleTimeout);
    this.directory = directory;
    store = new TestingBlobStore(new FileBlobStore("fast", FileLayout.of(directory, false)));
    near = new StoreClient(vertx, NAME, Peers.NONE, idle);
    far = new StoreClient(vertx, "node-b", (name, piece) -> peers.ask(name, piece), idle);
    Codecs.register(vertx);
    vertx
        .eventBus()
        .addOutboundInterceptor(
            delivery -> {
              count(delivery.body());
              delivery.next();
            });
    deployment =
        vertx
            .deployVerticle(
                new StoreVerticle(
                    NAME,
                    new StoreExecutor(
                        new NodeStores(List.of(store), pools, StoreWatch.none()),
                        Duration.ofSeconds(30)),
                    new TransferRules(new FormatRules(TestingFormatConfig.DEFAULT), budget, idle),
                    Traces.OFF))
            .await(10, SECONDS);
  }

  /** Asks the store of another node, as if both were on one event bus. */
  public Future<Message.Piece> ask(String name, Message.PieceRequest request) {
    return vertx
        .eventBus()
        .<Message.Piece>request(Addresses.piece(name), request)
        .map(io.vertx.core.eventbus.Message::body)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof ReplyException reply
                            && reply.failureType() == ReplyFailure.NO_HANDLERS
                        ? Peers.unreachable()
                        : ProblemCodec.unwrap(failure)));
  }

  public static BlobRef blob(String store, String node) {
    return new BlobRef(
        UUID.randomUUID(), ImageId.random(), BlobRef.Purpose.IMAGE, new BlobRef.Place(store, node));
  }

  public static BlobRef blob() {
    return blob("fast", NAME);
  }

  /** Does something on the clients' event loop and waits for its outcome. */
  public <T> T await(Supplier<Future<T>> action) throws TimeoutException {
    var result = Promise.<T>promise();
    context.runOnContext(
        now -> Future.succeededFuture().compose(go -> action.get()).onComplete(result));
    return result.future().await(20, SECONDS);
  }

  /** Writes all pieces, as fast as the sink takes them, and ends. */
  static Future<Message.Written> send(BlobSink sink, Iterator<Buffer> pieces) {
    sink.drainHandler(null);
    while (pieces.hasNext()) {
      if (sink.writeQueueFull()) {
        sink.drainHandler(drained -> send(sink, pieces));
        return sink.written();
      }
      sink.write(pieces.next());
    }
    sink.end();
    return sink.written();
  }

  /** Reads all that is left, as fast as it comes. */
  public static Future<Buffer> receive(BlobSource source) {
    var all = Promise.<Buffer>promise();
    var received = Buffer.buffer();
    stream(source)
        .exceptionHandler(all::tryFail)
        .endHandler(end -> all.complete(received))
        .handler(received::appendBuffer)
        .resume();
    return all.future();
  }

  public static SizedStream stream(BlobSource source) {
    return ((BlobSource.InStream) source).stream();
  }

  /** Puts a blob into the store. */
  public BlobRef put(Buffer content) throws IOException {
    var blob = blob();
    var writer = store.begin(blob, OptionalLong.empty());
    writer.write(ByteBuffer.wrap(content.getBytes()));
    writer.commit();
    return blob;
  }

  /** The store stops without a word. */
  public void stopStore() throws TimeoutException {
    vertx.undeploy(deployment).await(10, SECONDS);
  }

  synchronized long peakBytes() {
    return peakBytes;
  }

  synchronized long onTheWayBytes() {
    return onTheWayBytes;
  }

  private synchronized void count(Object message) {
    switch (message) {
      case Message.Chunk(Buffer data) -> onTheWayBytes += data.length();
      case Message.Credit(int bytes) -> onTheWayBytes -= bytes;
      default -> {}
    }
    peakBytes = Math.max(peakBytes, onTheWayBytes);
  }

  /** The files of the store; some may vanish meanwhile. */
  List<Path> files() {
    return entries(directory).flatMap(TestingNode::entries).toList();
  }

  private static Stream<Path> entries(Path directory) {
    var entries = directory.toFile().listFiles();
    return entries == null ? Stream.empty() : Arrays.stream(entries).map(File::toPath);
  }

  /** Waits until neither files nor transfers are left. */
  void awaitNothingLeft() {
    await("no file and no transfer", () -> files().isEmpty() && budget.active().get() == 0);
  }

  public static void await(String condition, BooleanSupplier isMet) {
    TestingConditions.await(condition, isMet);
  }

  @Override
  public void close() throws TimeoutException {
    vertx.close().await(10, SECONDS);
    pools.close();
  }
}
