package io.vitrine.store.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.location.StoreState;
import io.vitrine.store.TestingBlobStore;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.file.FileBlobStore;
import io.vitrine.store.file.FileLayout;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeStoresTest {
  private static final Duration DEADLINE = Duration.ofMillis(100);

  private final CountDownLatch letGo = new CountDownLatch(1);

  @Test
  void closesStoresUnlessACallOfThemHangs(@TempDir Path directory) throws IOException {
    var good = store("good", directory);
    var hanging = store("hanging", directory);
    hanging.beforeCheck = () -> awaitUninterrupted(letGo);
    var stores = List.<BlobStore>of(good, hanging);
    var watch = StoreWatch.start(stores, DEADLINE, DEADLINE);
    TestingConditions.await(() -> watch.state("hanging"), StoreState::isHanging);

    new NodeStores(stores, StorePools.of(1), watch).close();

    assertThat(good.isClosed).isTrue();
    assertThat(hanging.isClosed).isFalse();
    letGo.countDown();
  }

  private static TestingBlobStore store(String id, Path directory) throws IOException {
    return new TestingBlobStore(new FileBlobStore(id, FileLayout.of(directory.resolve(id), false)));
  }

  /** As a call of the system does that hangs. */
  private static void awaitUninterrupted(CountDownLatch latch) {
    boolean isInterrupted = false;
    for (; ; ) {
      try {
        latch.await();
        break;
      } catch (InterruptedException ignored) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
