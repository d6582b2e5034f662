package io.vitrine.app.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vitrine.app.Main;
import io.vitrine.app.lifecycle.Signals;
import io.vitrine.launch.TrainingRun;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A server of its own that works through a little of everything and ends: uploads, downloads,
 * imports with conversion, lists and changes. Run with {@code -XX:AOTCacheOutput}, it leaves what
 * the next server has loaded, linked and profiled then. Nothing of a configuration is used.
 */
public final class Training {
  private static final int ROUNDS = 40;
  private static final int IMPORTS = 3;
  private static final int SMALL = 1 << 20;
  private static final int LARGE_TIMES = 96;
  private static final int LARGE_UPLOADS = 4;
  private static final Duration START = Duration.ofMinutes(5);
  private static final Duration STOP = Duration.ofMinutes(2);

  private static final PrintWriter ERR = new PrintWriter(System.err, true, UTF_8);

  private final TrainingClient client;
  private final Path directory;
  private final byte[] data = new byte[SMALL];

  private Training(TrainingClient client, Path directory) {
    this.client = client;
    this.directory = directory;
    new Random(1).nextBytes(data);
  }

  /** Trains in the directory that is the first argument, and deletes it. */
  public static void main(String[] args) throws Exception {
    beFirstToDie();
    var directory = Files.createDirectories(Path.of(args[0]).toAbsolutePath());
    var banner = new BannerReader();
    var serving = Thread.ofPlatform().daemon().start(() -> serve(directory, banner));
    if (List.of(args).contains(TrainingRun.ATTENDED)) {
      Thread.ofPlatform().daemon().start(() -> stopWithoutAttendance(banner));
    }
    boolean isDone = false;
    try {
      new Training(new TrainingClient(banner.awaitPort(START)), directory).work();
      isDone = true;
    } catch (IOException failure) {
      System.err.println("The training failed: " + failure.getMessage());
    }
    if (serving.isAlive()) {
      Signals.raiseStop();
      serving.join(STOP);
    }
    TrainingRun.delete(directory);
    if (isDone) {
      System.exit(0);
    }
    Runtime.getRuntime().halt(1); // Says that a cache is of no use.
  }

  private static void stopWithoutAttendance(BannerReader banner) {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException closed) {
      // As good as its end.
    }
    try {
      // Before, the server could not stop its database.
      banner.awaitSettled(START);
      Signals.raiseStop();
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where memory is short, the kernel ends this process rather than a server. */
  private static void beFirstToDie() {
    try {
      Files.writeString(Path.of("/proc/self/oom_score_adj"), "1000");
    } catch (IOException notPossible) {
      // The system decides.
    }
  }

  private static void serve(Path directory, BannerReader banner) {
    var environment =
        Map.of(
            "VITRINE_DATA__DIR", directory.resolve("data").toString(),
            "VITRINE_HTTP__PORT", "0",
            "VITRINE_MANAGEMENT__PORT", "0",
            "VITRINE_NODE__NAME", "training");
    Main.run(environment, banner.printer(), ERR, "serve");
    banner.end();
  }

  private void work() throws IOException, InterruptedException {
    for (int number = 0; number < LARGE_UPLOADS; number++) {
      var image = client.create("raw");
      client.upload(image, "file", data, LARGE_TIMES, number % 2 == 1);
      client.get("/v2/images/" + image + "/file");
      client.delete(image);
    }
    for (int number = 0; number < ROUNDS; number++) {
      round(number);
    }
    var disk = disk();
    for (int number = 0; number < IMPORTS; number++) {
      imports(disk);
    }
  }

  private void round(int number) throws IOException {
    var image = client.create("raw");
    client.upload(image, "file", data, 1, number % 2 == 1);
    client.get("/v2/images/" + image + "/file");
    client.get("/v2/images/" + image);
    client.patch(image, "number", String.valueOf(number));
    client.get("/v2/images?limit=25");
    client.get("/v2/schemas/image");
    client.delete(image);
  }

  private void imports(byte[] disk) throws IOException, InterruptedException {
    var image = client.create("qcow2");
    client.upload(image, "stage", disk, 1, false);
    client.importStaged(image);
    client.awaitActive(image);
    client.get("/v2/images/" + image + "/file");
    client.delete(image);
  }

  /** A qcow2 with some data, made by this program. */
  private byte[] disk() throws IOException {
    var raw = directory.resolve("disk.raw");
    var qcow2 = directory.resolve("disk.qcow2");
    Files.write(raw, ByteBuffer.allocate(8 * SMALL).put(0, data).array());
    int code =
        Main.run(
            Map.of(),
            ERR,
            ERR,
            "image",
            "convert",
            "-O",
            "qcow2",
            raw.toString(),
            qcow2.toString());
    if (code != 0) {
      throw new IOException("the conversion ended with " + code);
    }
    return Files.readAllBytes(qcow2);
  }
}
