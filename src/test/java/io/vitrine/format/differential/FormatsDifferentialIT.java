package io.vitrine.format.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images that a seed determines are the same to Vitrine and to qemu-img. System properties:
 * formats.images and formats.seed; an image has its own seed, which is one more for each.
 */
@Tag("formats")
class FormatsDifferentialIT {
  private static final int IMAGES = Integer.getInteger("formats.images", 20);
  private static final long SEED = Long.getLong("formats.seed", 1);
  private static final int THREADS =
      Integer.getInteger("formats.threads", Runtime.getRuntime().availableProcessors());
  private static final int TIMEOUT_MINUTES = 5;

  @TempDir Path directory;

  @Test
  void readsAndConvertsAsQemuDoes() throws Exception {
    var tally = new Tally();
    try (var pool = Executors.newFixedThreadPool(THREADS)) {
      var trials = new ArrayList<Future<?>>();
      for (int i = 0; i < IMAGES; i++) {
        long seed = SEED + i;
        trials.add(pool.submit(() -> tally.add(RandomRecipe.of(seed), directory)));
      }
      await(trials, tally);
      pool.shutdownNow();
    }
    System.out.println(tally);
    assertThat(tally.differences()).isEmpty();
  }

  private static void await(List<Future<?>> trials, Tally tally) throws InterruptedException {
    for (int i = 0; i < trials.size(); i++) {
      try {
        trials.get(i).get(TIMEOUT_MINUTES, TimeUnit.MINUTES);
      } catch (TimeoutException | ExecutionException failure) {
        tally.differs(RandomRecipe.of(SEED + i), failure);
        return;
      }
    }
  }
}
