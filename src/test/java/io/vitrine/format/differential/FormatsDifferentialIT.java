package io.vitrine.format.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random images are to Vitrine what they are to qemu-img. The system property formats.images tells
 * how many, and formats.seed the seed of the first: the next has the next number, so that each can
 * be made again alone.
 */
@Tag("formats")
class FormatsDifferentialIT {
  private static final int IMAGES = Integer.getInteger("formats.images", 20);
  private static final long SEED = Long.getLong("formats.seed", 1);
  private static final int THREADS = Runtime.getRuntime().availableProcessors();
  private static final int TIMEOUT_MINUTES = 5;

  @TempDir Path directory;

  @Test
  void readsAndConvertsAsQemuDoes() throws Exception {
    var tally = new Tally();
    // Daemons, so that one that hangs is reported and then ends with the process.
    var pool =
        Executors.newFixedThreadPool(THREADS, work -> Thread.ofPlatform().daemon().unstarted(work));
    var trials = new ArrayList<Future<?>>();
    for (int i = 0; i < IMAGES; i++) {
      long seed = SEED + i;
      trials.add(pool.submit(() -> run(seed, tally)));
    }
    await(trials, tally);
    pool.shutdownNow();
    System.out.println(tally);
    assertThat(tally.faults()).isEmpty();
  }

  private Void run(long seed, Tally tally) throws IOException, InterruptedException {
    var own = Files.createDirectory(directory.resolve("seed" + seed));
    tally.run(new ImageTrial(RandomRecipe.of(seed), own));
    try (var files = Files.walk(own)) {
      for (var path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    return null;
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
