package io.vitrine.importer.blob;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.bus.Codecs;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.bus.Peers;
import io.vitrine.transfer.stream.IdleLimit;
import io.vitrine.transfer.stream.StoreClient;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;

/** A thread that feeds a store through the context of an import. */
class BlockingSinkTest {
  private static final int PIECE_BYTES = 1000;
  private static final int PIECES = 500;
  private static final int WINDOW_BYTES = 4 * PIECE_BYTES;

  private final Vertx vertx = Vertx.vertx();

  @BeforeEach
  void listen() {
    Codecs.register(vertx);
    vertx.eventBus().<Message.WriteRequest>consumer(Addresses.write("here"), this::open);
  }

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, SECONDS);
  }

  /** A store that has always room, and says so for each chunk. */
  private void open(io.vertx.core.eventbus.Message<Message.WriteRequest> request) {
    var sender = request.body().sender();
    var taken = new AtomicLong();
    var address = "store." + UUID.randomUUID();
    vertx
        .eventBus()
        .<Message>consumer(
            address,
            message -> {
              switch (message.body()) {
                case Message.Chunk(var data) -> {
                  taken.addAndGet(data.length());
                  vertx.eventBus().send(sender, new Message.Credit(data.length()));
                }
                case Message.Finish() ->
                    message.reply(
                        new Message.Written(taken.get(), Optional.empty(), Optional.empty()));
                default -> {}
              }
            });
    request.reply(new Message.WriteAccepted(address, WINDOW_BYTES, PIECE_BYTES, Optional.empty()));
  }

  /** Stores pieces that a thread makes as fast as they are taken. */
  private static final class Feeding extends VerticleBase {
    private final Promise<Long> storedBytes = Promise.promise();

    @Override
    public Future<?> start() {
      vertx.runOnContext(later -> feed());
      return Future.succeededFuture();
    }

    private void feed() {
      var blob =
          new BlobRef(
              UUID.randomUUID(),
              ImageId.random(),
              BlobRef.Purpose.STAGING,
              new BlobRef.Place("a", "here"));
      var stores =
          new StoreClient(vertx, "here", Peers.NONE, IdleLimit.of(vertx, Duration.ofSeconds(10)));
      var sink = stores.write(blob, Long.MAX_VALUE, Optional.empty(), Optional.empty()).await();
      var made = Promise.<Void>promise();
      var feed = new BlockingSink(vertx.getOrCreateContext(), sink);
      Thread.ofPlatform()
          .start(
              () -> {
                try {
                  for (int piece = 0; piece < PIECES; piece++) {
                    feed.write(Buffer.buffer(new byte[PIECE_BYTES]));
                  }
                  made.complete();
                } catch (InterruptedException | RuntimeException failure) {
                  made.fail(failure);
                }
              });
      made.future().await();
      sink.end().await();
      storedBytes.complete(sink.written().await().sizeBytes());
    }
  }

  @RepeatedTest(20)
  void storesAllThatWasAccepted() throws Exception {
    var feeding = new Feeding();

    vertx
        .deployVerticle(
            feeding, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
        .await(10, SECONDS);

    assertThat(feeding.storedBytes.future().await(30, SECONDS))
        .isEqualTo((long) PIECES * PIECE_BYTES);
  }
}
