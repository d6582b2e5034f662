package io.vitrine.transfer.stream;

import static io.vitrine.image.problem.ProblemException.interrupted;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.streams.Pipe;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.stream.WindowedSink;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.bus.ProblemCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * The sending side of a write to a store. It is full while a window of bytes is unprocessed; small
 * buffers are gathered into chunks. Nothing is stored until {@link #end()} succeeds; {@link
 * #abort()} frees everything.
 *
 * <p>Belongs to the context that created it.
 */
public final class BlobSink extends WindowedSink {
  /** How long a store may take to flush a blob to disk. */
  private static final Duration FINISH_DEADLINE = Duration.ofMinutes(10);

  /** What a store can read at the least in a millisecond, if it must read a blob once more. */
  private static final long READ_BYTES_PER_MILLI = 32 << 10;

  /** Enough chunks in a window to write one while others are hashed and more arrive. */
  private static final int CHUNKS_IN_WINDOW = 8;

  /** Larger chunks gain nothing: they do not fit into a core's own cache. */
  private static final int LARGEST_CHUNK_BYTES = 512 << 10;

  private final Vertx vertx;
  private final EventBus bus;
  private final IdleLimit idle;
  private final MessageConsumer<Message> fromStore;
  private final Promise<Message.Written> written = Promise.promise();

  private String address = "";
  private int windowBytes;
  private int smallestChunkBytes;

  /** The lengths of the chunks that the store has not answered. */
  private final Queue<Integer> unanswered = new ArrayDeque<>();

  private Optional<Path> file = Optional.empty();
  private LongConsumer takenHandler = taken -> {};
  private long sentBytes;

  /** Read from other threads too. */
  private final AtomicLong takenBytes = new AtomicLong();

  private long lastHeardNanos;
  private Runnable endWatch = () -> {};
  private boolean isEnding;
  private boolean isClosed;
  private long startBytes;
  private long keptBytes;
  private ChunkBuffer chunk = new ChunkBuffer();

  BlobSink(Vertx vertx, MessageConsumer<Message> fromStore, IdleLimit idle) {
    super(0);
    this.vertx = vertx;
    this.bus = vertx.eventBus();
    this.idle = idle;
    this.lastHeardNanos = idle.nowNanos();
    this.fromStore = fromStore.handler(message -> onMessage(message.body()));
  }

  BlobSink open(Message.WriteAccepted accepted) {
    address = accepted.address();
    windowBytes = accepted.windowBytes();
    smallestChunkBytes = accepted.chunkBytes();
    file = accepted.file().map(Path::of);
    free(accepted.windowBytes());
    lastHeardNanos = idle.nowNanos();
    endWatch = idle.watch(this::onTick);
    return this;
  }

  /** Notes how many bytes of the blob an earlier request has brought. */
  void resumeAt(long bytes) {
    startBytes = bytes;
    keptBytes = bytes;
  }

  /** The durable blob, after {@link #end()}; fails if anything went wrong. */
  public Future<Message.Written> written() {
    return written.future();
  }

  /**
   * A file of this machine in which all that {@link #takenHandler} tells of can be read, if it is
   * opened before the end; empty if there is none.
   */
  public Optional<Path> file() {
    return file;
  }

  /** Tells how many bytes the store has processed so far, whenever there are more. */
  public void takenHandler(LongConsumer handler) {
    takenHandler = handler;
  }

  /** How many bytes the store has processed so far; may be called from any thread. */
  public long takenBytes() {
    return takenBytes.get();
  }

  /** How many bytes have been sent to the store, processed or not. */
  public long sentBytes() {
    return sentBytes;
  }

  /**
   * Sends everything from a pipe and ends. If the store gives up, the pipe is closed at once,
   * because a paused or silent source would never notice. Fails with the store's reason if there is
   * one, else with the source's.
   */
  public Future<Void> take(Pipe<Buffer> pipe) {
    written.future().onFailure(broken -> pipe.close());
    return pipe.to(this)
        .recover(
            failure -> {
              var reason = written.future().cause();
              return Future.failedFuture(reason == null ? failure : reason);
            });
  }

  @Override
  public Future<Void> write(Buffer data) {
    if (isClosed) {
      return written.future().mapEmpty();
    }
    // On the bus, a small chunk costs as much as a large one.
    chunk.add(data);
    for (int length = nextBytes(); chunk.size() >= length; length = nextBytes()) {
      send(chunk.take(length));
    }
    return Future.succeededFuture();
  }

  /** Chunks end at multiples of their size: the page cache keeps aligned data in larger pages. */
  private int nextBytes() {
    int size = chunkBytes();
    return size - (int) ((startBytes + sentBytes) % size);
  }

  private int chunkBytes() {
    int large = Integer.highestOneBit(windowBytes / CHUNKS_IN_WINDOW);
    return Math.max(smallestChunkBytes, Math.min(LARGEST_CHUNK_BYTES, large));
  }

  /**
   * Makes durable what has been written, in a blob that may take several requests; fails if the
   * sink is closed.
   *
   * @param isLast whether this ends the request, in place of {@link #end}
   * @return how many bytes of the blob are durable
   */
  public Future<Long> keep(boolean isLast) {
    if (isClosed) {
      return Future.failedFuture(interrupted("The transfer has ended."));
    }
    flush();
    return ask(new Message.Keep(isLast))
        .map(reply -> ((Message.Kept) reply).sizeBytes())
        .onSuccess(bytes -> keptBytes = bytes)
        .onComplete(
            kept -> {
              if (isLast) {
                close();
                written.tryFail(interrupted("The transfer has ended."));
              }
            });
  }

  /** Whether all data has been sent. */
  public boolean isEnding() {
    return isEnding;
  }

  @Override
  public Future<Void> end() {
    isEnding = true;
    // The source must send nothing more, and one that has been read to its end cannot continue.
    drainHandler(null);
    if (!isClosed) {
      flush();
      ask(new Message.Finish()).onComplete(answer -> vertx.runOnContext(later -> settle(answer)));
    }
    return written.future().mapEmpty();
  }

  private Future<Message> ask(Message question) {
    long millis = FINISH_DEADLINE.toMillis() + (keptBytes + sentBytes) / READ_BYTES_PER_MILLI;
    return bus.<Message>request(address, question, new DeliveryOptions().setSendTimeout(millis))
        .map(io.vertx.core.eventbus.Message::body);
  }

  /**
   * Evaluates the reply to the end. A store that gave up no longer receives the end, but has sent
   * its reason before; so this is called only after all earlier messages.
   */
  private void settle(AsyncResult<Message> answer) {
    if (answer.result() instanceof Message.Written all) {
      written.tryComplete(all);
    } else {
      written.tryFail(ProblemCodec.unwrap(answer.cause()));
    }
    close();
  }

  /** Gives up: the store removes what it has. Does nothing after the end. */
  public void abort() {
    if (!isClosed) {
      close();
      bus.send(address, new Message.Abort());
      written.tryFail(interrupted("The transfer was cancelled."));
    }
  }

  private void flush() {
    if (chunk.size() > 0) {
      send(chunk.take(chunk.size()));
    }
  }

  private void send(Buffer data) {
    if (unanswered.isEmpty()) {
      // Until now the store owed no answer, so its silence meant nothing.
      lastHeardNanos = idle.nowNanos();
    }
    unanswered.add(data.length());
    occupy(data.length());
    sentBytes += data.length();
    bus.send(address, new Message.Chunk(data));
  }

  private void onMessage(Message message) {
    lastHeardNanos = idle.nowNanos();
    switch (message) {
      case Message.Credit(int bytes) -> {
        onTaken(bytes);
        free(bytes);
      }
      case Message.Broken(Problem problem) -> fail(problem);
      default -> {}
    }
  }

  private void onTaken(int creditBytes) {
    var length = unanswered.poll();
    if (length != null) {
      windowBytes += creditBytes - length;
      takenHandler.accept(takenBytes.addAndGet(length));
    }
  }

  /** Sends buffered data, shows the store that this side is alive, and detects a silent store. */
  private void onTick() {
    flush();
    bus.send(address, new Message.Alive());
    if (!unanswered.isEmpty() && idle.isOverdue(lastHeardNanos)) {
      fail(new Problem.Unavailable("The store does not answer; try again later."));
    }
  }

  private void fail(Problem problem) {
    if (!isClosed) {
      close();
      bus.send(address, new Message.Abort());
      var failure = new ProblemException(problem);
      written.tryFail(failure);
      tell(failure);
    }
  }

  void close() {
    isClosed = true;
    chunk = new ChunkBuffer();
    endWatch.run();
    fromStore.unregister();
  }
}
