package io.vitrine.transfer.stream;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.stream.DemandedStream;
import io.vitrine.net.stream.SizedStream;
import io.vitrine.transfer.bus.Message;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side of a read from a store, which sends at most a window of bytes ahead of the
 * handler. Belongs to the context that created it.
 */
public final class BlobStream extends DemandedStream implements SizedStream {
  private final Vertx vertx;
  private final EventBus bus;
  private final IdleLimit idle;
  private final MessageConsumer<Message> fromStore;
  private final Queue<Buffer> waiting = new ArrayDeque<>();

  private String address = "";
  private long sizeBytes;

  /** The initial credit; 0 once it has been granted. */
  private int windowBytes;

  private long lastHeardNanos;
  private Runnable endWatch = () -> {};
  private boolean isClosed;
  private boolean isDone;
  private @Nullable Throwable failure;

  BlobStream(Vertx vertx, MessageConsumer<Message> fromStore, IdleLimit idle) {
    this.vertx = vertx;
    this.bus = vertx.eventBus();
    this.idle = idle;
    this.lastHeardNanos = idle.nowNanos();
    this.fromStore = fromStore.handler(message -> onMessage(message.body()));
  }

  BlobStream open(Message.ReadAccepted accepted, int windowBytes) {
    address = accepted.address();
    sizeBytes = accepted.range().length();
    lastHeardNanos = idle.nowNanos();
    this.windowBytes = windowBytes;
    endWatch = idle.watch(this::onTick);
    return this;
  }

  @Override
  public void runAhead(long bytes) {
    windowBytes = Math.toIntExact(bytes);
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void abort() {
    isDone = true;
    waiting.clear();
    if (!isClosed) {
      close();
      bus.send(address, new Message.Abort());
    }
  }

  @Override
  protected void onDemand(long amount) {
    vertx.runOnContext(later -> deliver());
  }

  private void onMessage(Message message) {
    lastHeardNanos = idle.nowNanos();
    switch (message) {
      case Message.Chunk(Buffer data) -> waiting.add(data);
      case Message.Finish() -> close();
      case Message.Broken(Problem problem) -> fail(problem);
      default -> {}
    }
    deliver();
  }

  /** Delivers what has arrived; the end, too, waits for demand. */
  private void deliver() {
    if (windowBytes > 0 && isAsked() && !isClosed) {
      bus.send(address, new Message.Credit(windowBytes));
      windowBytes = 0;
    }
    while (isAsked() && !waiting.isEmpty()) {
      var data = waiting.remove();
      bus.send(address, new Message.Credit(data.length()));
      give(data);
    }
    if (isClosed && !isDone && isAsked() && waiting.isEmpty()) {
      isDone = true;
      if (failure == null) {
        tellEnd();
      } else {
        tell(failure);
      }
    }
  }

  private void onTick() {
    bus.send(address, new Message.Alive());
    if (waiting.isEmpty() && idle.isOverdue(lastHeardNanos)) {
      fail(new Problem.Unavailable("The store does not answer; try again later."));
      deliver();
    }
  }

  private void fail(Problem problem) {
    failure = new ProblemException(problem);
    close();
  }

  /** Stops receiving from the store. */
  void close() {
    isClosed = true;
    endWatch.run();
    fromStore.unregister();
  }
}
