package io.vitrine.importer.engine;

import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.BlockTarget;
import io.vitrine.format.block.FakeDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;

/** Disks whose target fails, or blocks, when it is created. */
final class FakeDisks implements Disks {
  private final CountDownLatch created = new CountDownLatch(1);
  private final Creation creation;

  /** What creating a target comes to. */
  interface Creation {
    BlockTarget run() throws IOException;
  }

  FakeDisks(Creation creation) {
    this.creation = creation;
  }

  /** Disks whose target blocks until the thread is interrupted. */
  static FakeDisks blocking() {
    return new FakeDisks(
        () -> {
          try {
            new CountDownLatch(1).await();
            throw new IllegalStateException("nobody counts");
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
          }
        });
  }

  /** Waits until the target file is there. */
  void awaitTarget() throws InterruptedException {
    created.await();
  }

  @Override
  public BlockSource open(DiskImage source) {
    return new FakeDisk(1 << 20, 1 << 16);
  }

  @Override
  public BlockTarget create(DiskImage target, long sizeBytes) throws IOException {
    Files.createFile(target.file());
    created.countDown();
    return creation.run();
  }
}
