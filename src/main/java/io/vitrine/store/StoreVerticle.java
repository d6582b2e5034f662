package io.vitrine.store;

import static io.vitrine.image.problem.ProblemException.damaged;
import static io.vitrine.image.problem.ProblemException.missing;
import static io.vitrine.image.problem.ProblemException.notFound;
import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vitrine.image.location.BlobPart;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.observe.trace.Span;
import io.vitrine.observe.trace.Traces;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.blob.BlobWriter;
import io.vitrine.store.blob.Pieces;
import io.vitrine.store.blob.ResumableWriter;
import io.vitrine.store.blob.StoreFailures;
import io.vitrine.store.node.StoreExecutor;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.bus.Message.DeleteRequest;
import io.vitrine.transfer.bus.Message.Deleted;
import io.vitrine.transfer.bus.Message.LocalFile;
import io.vitrine.transfer.bus.Message.LocateRequest;
import io.vitrine.transfer.bus.Message.NoFile;
import io.vitrine.transfer.bus.Message.Piece;
import io.vitrine.transfer.bus.Message.PieceRequest;
import io.vitrine.transfer.bus.Message.ReadAccepted;
import io.vitrine.transfer.bus.Message.ReadRequest;
import io.vitrine.transfer.bus.Message.Use;
import io.vitrine.transfer.bus.Message.UseRequest;
import io.vitrine.transfer.bus.Message.WriteAccepted;
import io.vitrine.transfer.bus.Message.WriteRequest;
import io.vitrine.transfer.bus.ProblemCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** Serves a node's stores on the event bus: writes, reads and deletes of blobs. */
public final class StoreVerticle extends VerticleBase {
  /** The span attribute for the size of data. */
  static final String BYTES = "vitrine.bytes";

  private static final String STORE = "vitrine.store";
  private static final long HANGING_CHECK_MILLIS = 1000;

  private final String node;
  private final StoreExecutor calls;
  private final TransferRules rules;
  private final TransferBudget budget;
  private final Traces traces;
  private final Map<UUID, WriteTransfer> writes = new HashMap<>();
  private final Set<ReadTransfer> reads = new HashSet<>();

  /** A verticle for the stores of a node, which are called by the executor. */
  public StoreVerticle(String node, StoreExecutor calls, TransferRules rules, Traces traces) {
    this.node = node;
    this.calls = calls;
    this.rules = rules;
    this.budget = rules.budget();
    this.traces = traces;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(HANGING_CHECK_MILLIS, tick -> breakHanging());
    var bus = vertx.eventBus();
    bus.<String>consumer(
        Addresses.STORE_DISCARD, message -> discard(UUID.fromString(message.body())));
    return Future.all(
        this.<WriteRequest>serve(Addresses.write(node), this::write),
        this.<LocateRequest>serve(Addresses.locate(node), this::locate),
        this.<ReadRequest>serve(Addresses.read(node), this::read),
        this.<PieceRequest>serve(Addresses.piece(node), this::piece),
        this.<UseRequest>serve(Addresses.use(node), this::use),
        this.<DeleteRequest>serve(Addresses.delete(node), this::delete));
  }

  /** Aborts the transfers in progress. */
  @Override
  public Future<?> stop() {
    var stopping = new Problem.Unavailable("The store is stopping; try again later.");
    List.copyOf(writes.values()).forEach(transfer -> transfer.breakOff(stopping));
    List.copyOf(reads).forEach(transfer -> transfer.breakOff(stopping));
    return Future.succeededFuture();
  }

  /** Replies to every message, with a failure if there is one. */
  private <T> Future<Void> serve(String address, Action<T> action) {
    MessageConsumer<T> consumer =
        vertx.eventBus().consumer(address, message -> answer(message, action));
    return consumer.completion();
  }

  private static <T> void answer(Message<T> message, Action<T> action) {
    Future.succeededFuture(message.body())
        .compose(action::run)
        .onSuccess(message::reply)
        .onFailure(
            failure -> {
              var reply = ProblemCodec.toReply(failure);
              message.fail(reply.failureCode(), reply.getMessage());
            });
  }

  private Future<WriteAccepted> write(WriteRequest request) {
    var store = store(request.blob());
    var content =
        request
            .content()
            .map(
                declared ->
                    new ImageInspection(calls.pools().hashing(), declared, rules.formats()));
    var span = traces.current().begin("store write").with(STORE, store.id());
    return turnOf(request)
        .compose(turn -> calls.write(vertx, store, () -> open(store, request), BlobWriter::abort))
        .onFailure(refused -> fail(span))
        .map(
            writer ->
                accept(
                    request,
                    TracedWriter.of(writer, span),
                    new TransferInspection(
                        calls.pools().hashing(), content, request.constraints().digests())));
  }

  /** Completes when nothing else writes the blob. */
  private Future<Void> turnOf(WriteRequest request) {
    return request.resumption().isPresent()
        ? rules.turns().end(request.blob().id())
        : Future.succeededFuture();
  }

  private static BlobWriter open(BlobStore store, WriteRequest request) throws IOException {
    return request.resumption().isPresent()
        ? store.resume(request.blob(), request.resumption().get(), expected(request))
        : store.begin(request.blob(), expected(request));
  }

  private static void fail(Span span) {
    span.fail("not opened");
    span.end();
  }

  private static OptionalLong expected(WriteRequest request) {
    return request
        .constraints()
        .expectedBytes()
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  private WriteAccepted accept(WriteRequest request, BlobWriter writer, TransferInspection fresh) {
    var link = link(request.sender());
    budget.enter();
    var window = new Window(budget);
    var disk = new SerialExecutor(calls.pools().of(store(request.blob())));
    var inspection =
        writer instanceof ResumableWriter resumable
            ? inspection(request, resumable, disk, fresh)
            : fresh;
    var transfer =
        new WriteTransfer(
            link,
            request,
            new WriteTransfer.Work(writer, disk, inspection, window),
            () -> {
              writes.remove(request.blob().id());
              rules.turns().ended(request.blob().id());
              budget.leave();
            });
    writes.put(request.blob().id(), transfer);
    request.resumption().ifPresent(turn -> rules.turns().begin(request.blob().id(), transfer));
    return new WriteAccepted(
        link.address(), window.bytes(), budget.chunkBytes(), writer.file().map(Path::toString));
  }

  private StreamInspection inspection(
      WriteRequest request, ResumableWriter writer, SerialExecutor disk, TransferInspection fresh) {
    var resumption = request.resumption().orElseThrow();
    var hashing = calls.pools().hashing();
    return resumption.kind().isOfPart()
        ? new PartInspection(resumption, hashing)
        : new UploadInspection(
            new UploadInspection.Site(rules.turns(), hashing, writer, disk), request, fresh);
  }

  /** The file with the data, which is the cheapest to read. */
  private Future<io.vitrine.transfer.bus.Message> locate(LocateRequest request) {
    var part = request.part();
    var store = store(part.blob());
    var span = traces.current().with(STORE, store.id());
    return calls
        .read(vertx, store, () -> locate(store, part), late -> {})
        .onSuccess(
            found -> {
              if (found instanceof LocalFile file) {
                span.with(BYTES, file.range().length());
              }
            });
  }

  private static io.vitrine.transfer.bus.Message locate(BlobStore store, BlobPart part)
      throws IOException {
    var file = store.file(part.blob());
    return file.isEmpty()
        ? new NoFile()
        : new LocalFile(
            file.get().toString(), range(part, Files.size(file.get())), store.isDirect());
  }

  private Future<ReadAccepted> read(ReadRequest request) {
    var store = store(request.part().blob());
    var span = traces.current().begin("store read").with(STORE, store.id());
    return calls
        .read(
            vertx,
            store,
            () -> open(store, request.part()),
            late -> StoreFailures.close(store.id(), late.reader()))
        .onFailure(refused -> fail(span))
        .map(
            opened -> {
              var link = link(request.receiver());
              var traced =
                  new ReadTransfer.Opened(
                      opened.store(),
                      TracedReader.of(opened.reader(), span),
                      opened.range(),
                      opened.disk());
              reads.add(new ReadTransfer(link, traced, budget.chunkBytes(), reads::remove));
              return new ReadAccepted(link.address(), opened.range());
            });
  }

  private ReadTransfer.Opened open(BlobStore store, BlobPart part) throws IOException {
    var reader = store.open(part.blob()).orElseThrow(() -> absent(store, part.blob()));
    try {
      var range = range(part, reader.sizeBytes());
      var disk = new SerialExecutor(calls.pools().of(store));
      return new ReadTransfer.Opened(store.id(), reader, range, disk);
    } catch (IOException | RuntimeException failure) {
      reader.close();
      throw failure;
    }
  }

  private static ByteRange range(BlobPart part, long size) {
    if (!part.fits(size)) {
      throw damaged("The store has fewer bytes of this image than it should.");
    }
    return part.of(size);
  }

  private Future<Piece> piece(PieceRequest request) {
    var store = store(request.blob());
    return calls.read(
        vertx,
        store,
        () -> Pieces.read(store, request).orElseThrow(() -> absent(store, request.blob())),
        late -> {});
  }

  private Future<Use> use(UseRequest request) {
    var store = store(request.blob());
    return calls.read(vertx, store, () -> new Use(store.isInUse(request.blob())), late -> {});
  }

  private Future<Deleted> delete(DeleteRequest request) {
    var store = store(request.blob());
    rules.turns().forget(request.blob().id());
    return calls.remove(
        vertx,
        store,
        request.blob().id(),
        () -> new Deleted(store.delete(request.blob()), store.isShared()));
  }

  /** Aborts the transfers of hanging stores, so that nobody waits for them. */
  private void breakHanging() {
    var hanging = new Problem.Unavailable("The store does not answer; try again later.");
    writes.values().stream()
        .filter(transfer -> calls.isHanging(transfer.store()))
        .toList()
        .forEach(transfer -> transfer.breakOff(hanging));
  }

  private void discard(UUID blob) {
    Optional.ofNullable(writes.get(blob))
        .ifPresent(
            transfer ->
                transfer.breakOff(new Problem.Gone("The image was deleted during the transfer.")));
  }

  private BlobStore store(BlobRef blob) {
    return calls
        .find(blob.store())
        .orElseThrow(() -> unavailable("This node has no store '%s'.".formatted(blob.store())));
  }

  private TransferLink link(String peer) {
    var address = "store." + node + ".stream." + UUID.randomUUID();
    return new TransferLink(vertx, vertx.eventBus().consumer(address), peer, rules.idle());
  }

  /**
   * The failure for a missing blob: "not found" if another node may have it in a store of its own,
   * else "missing".
   */
  private ProblemException absent(BlobStore store, BlobRef blob) {
    var detail = "The data of the image is not in this store.";
    boolean isElsewhere = !store.isShared() && !blob.node().equals(node);
    return isElsewhere ? notFound(detail) : missing(detail);
  }

  private interface Action<T> {
    Future<?> run(T request);
  }
}
