package io.vitrine.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class CachedOutputTest {
  private static final int MIB = 1 << 20;

  private final LinkedBlockingQueue<Runnable> flushes = new LinkedBlockingQueue<>();
  private final Path file;

  CachedOutputTest(@TempDir Path directory) {
    file = directory.resolve("file");
  }

  private CachedOutput open() throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return new CachedOutput(channel, true, flushes::add);
  }

  private static Long write(CachedOutput output, int mebibytes) throws IOException {
    for (int i = 0; i < mebibytes; i++) {
      output.write(ByteBuffer.allocate(MIB));
    }
    return output.position();
  }

  /** Starts a thread and waits until it waits for something, or ends. */
  private static Thread start(FutureTask<Long> task) {
    var thread = Thread.ofPlatform().daemon().start(task);
    while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
      Thread.onSpinWait();
    }
    return thread;
  }

  private static FutureTask<Long> task(Callable<Long> work) {
    return new FutureTask<>(work);
  }

  @Test
  void waitsForADiskThatDoesNotKeepUp() throws Exception {
    try (var output = open()) {
      var written = task(() -> write(output, 100));
      var writer = start(written);
      assertThat(writer.isAlive()).isTrue();
      assertThat(Files.size(file)).isEqualTo(72L * MIB);

      flushes.take().run();

      assertThat(written.get()).isEqualTo(100L * MIB);
    }
  }

  @Test
  void finishesOnlyWhenAllIsFlushed() throws Exception {
    try (var output = open()) {
      write(output, 33);
      var finished =
          task(
              () -> {
                output.finish();
                return 0L;
              });
      assertThat(start(finished).isAlive()).isTrue();

      flushes.take().run();

      assertThat(finished.get()).isZero();
    }
  }
}
