package io.vitrine.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vitrine.format.FormatRules;
import io.vitrine.format.TestingFormatConfig;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoreState;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.observe.trace.Traces;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.file.FileBlobStore;
import io.vitrine.store.file.FileLayout;
import io.vitrine.store.node.NodeStores;
import io.vitrine.store.node.StoreExecutor;
import io.vitrine.store.node.StorePools;
import io.vitrine.store.node.StoreWatch;
import io.vitrine.testing.TestingConditions;
import io.vitrine.transfer.bus.Codecs;
import io.vitrine.transfer.bus.Peers;
import io.vitrine.transfer.stream.IdleLimit;
import io.vitrine.transfer.stream.StoreClient;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store whose calls do not come back until they are let go, beside one that works. */
class HangingStoreTest {
  private static final Duration DEADLINE = Duration.ofMillis(300);
  private static final String NODE = TestingNode.NAME;

  private final Vertx vertx = Vertx.vertx();
  private final CountDownLatch letGo = new CountDownLatch(1);
  private final TestingBlobStore hanging;
  private final StorePools pools = StorePools.of(2);
  private final StoreWatch watch;
  private final StoreClient client =
      new StoreClient(vertx, NODE, Peers.NONE, IdleLimit.of(vertx, Duration.ofSeconds(20)));

  HangingStoreTest(@TempDir Path directory) throws IOException, TimeoutException {
    hanging =
        new TestingBlobStore(
            new FileBlobStore("nfs", FileLayout.of(directory.resolve("a"), false)));
    var good = new FileBlobStore("fast", FileLayout.of(directory.resolve("b"), false));
    var stores = List.<BlobStore>of(hanging, good);
    watch = StoreWatch.start(stores, Duration.ofMillis(50), DEADLINE);
    Codecs.register(vertx);
    vertx
        .deployVerticle(
            new StoreVerticle(
                NODE,
                new StoreExecutor(new NodeStores(stores, pools, watch), DEADLINE),
                new TransferRules(
                    new FormatRules(TestingFormatConfig.DEFAULT),
                    new TransferBudget(TestingNode.CHUNK, TestingNode.WINDOW, 1L << 30),
                    IdleLimit.of(vertx, Duration.ofSeconds(20))),
                Traces.OFF))
        .await(10, SECONDS);
  }

  @AfterEach
  void close() throws TimeoutException {
    letGo.countDown();
    vertx.close().await(10, SECONDS);
    watch.close();
    pools.close();
  }

  private void block() throws IOException {
    try {
      letGo.await();
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  private <T> T await(Supplier<Future<T>> action) throws TimeoutException {
    return Future.<T>future(promise -> vertx.runOnContext(now -> action.get().onComplete(promise)))
        .await(10, SECONDS);
  }

  private void write(BlobRef blob) throws TimeoutException {
    await(
        () ->
            client
                .write(blob, 1 << 20, Optional.empty(), Optional.empty())
                .compose(
                    sink -> {
                      sink.write(Buffer.buffer("data"));
                      sink.end();
                      return sink.written();
                    }));
  }

  private void refuses(Supplier<Future<?>> action) {
    assertThatThrownBy(() -> await(() -> action.get().mapEmpty()))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.problem()).isInstanceOf(Problem.Unavailable.class));
  }

  private StoreState state() {
    return watch.state("nfs");
  }

  @Test
  void keepsNobodyWaitingWhoWantsAnotherStore() throws Exception {
    var blob = TestingNode.blob("nfs", NODE);
    hanging.beforeOpen = this::block;

    var all = new ArrayList<Future<?>>();
    for (int i = 0; i < 50; i++) {
      all.add(client.read(blob, Optional.empty()));
    }
    write(TestingNode.blob("fast", NODE));

    for (var each : all) {
      refuses(() -> each);
    }
    write(TestingNode.blob("fast", NODE));
  }

  @Test
  void refusesWhatIsForAStoreThatHangsUntilItWorksAgain() throws Exception {
    hanging.beforeCheck = this::block;
    TestingConditions.await(this::state, StoreState::isHanging);

    var blob = TestingNode.blob("nfs", NODE);
    long start = System.nanoTime();
    refuses(() -> client.write(blob, 100, Optional.empty(), Optional.empty()));
    refuses(() -> client.read(blob, Optional.empty()));
    refuses(() -> client.delete(blob, NODE));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE.multipliedBy(10));
    assertThat(watch.state("fast").isUp()).isTrue();
    letGo.countDown();
    TestingConditions.await(this::state, StoreState::isUp);
    write(blob);
  }

  @Test
  void givesUpATransferToAStoreThatHangs() throws Exception {
    hanging.beforeWrite = this::block;
    hanging.beforeCheck = this::block;

    assertThatThrownBy(() -> write(TestingNode.blob("nfs", NODE)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.problem()).isInstanceOf(Problem.Unavailable.class));
  }

  @Test
  void leavesARemovalAloneThatTakesItsTime() throws Exception {
    var blob = TestingNode.blob("nfs", NODE);
    write(blob);
    hanging.beforeDelete = this::block;

    refuses(() -> client.delete(blob, NODE));
    refuses(() -> client.delete(blob, NODE));

    assertThat(state().isUp()).isTrue();
    letGo.countDown();
    TestingConditions.await(() -> hanging.open(blob), Optional::isEmpty);
    assertThat(await(() -> client.delete(blob, NODE))).isFalse();
  }

  @Test
  void takesNoDataForAStoreThatRefusesAccess() {
    hanging.beforeCheck =
        () -> {
          throw new AccessDeniedException("/nfs");
        };
    TestingConditions.await(this::state, state -> !state.isUp());

    assertThat(state().reason()).isEqualTo(StoreState.ACCESS);
    refuses(
        () -> client.write(TestingNode.blob("nfs", NODE), 100, Optional.empty(), Optional.empty()));
  }
}
