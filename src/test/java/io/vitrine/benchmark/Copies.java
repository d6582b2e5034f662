package io.vitrine.benchmark;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.config.ByteSize;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.file.FileBlobStore;
import io.vitrine.store.file.FileLayout;
import io.vitrine.store.s3.S3BlobStore;
import io.vitrine.store.s3.S3Config;
import io.vitrine.testing.TestingS3;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * Copies of images from a store of files to another one and to S3, next to what the other store
 * takes by itself: a file that is read, hashed twice and written to it, with nothing in between.
 */
final class Copies {
  private static final int PIECE_BYTES = 1 << 20;

  private final Series toFile = new Series("written to a store of files, hashed, MiB/s");
  private final Series copyToFile = new Series("copy-image to a store of files, MiB/s");
  private final Series toS3 = new Series("written to S3, hashed, MiB/s");
  private final Series copyToS3 = new Series("copy-image to S3, MiB/s");

  private final ImportClient client;
  private final TestingS3 objects;
  private final Path directory;
  private final Settings settings;

  /** Between the stores local, second and cloud of a server, the last of which is on S3. */
  Copies(ImportClient client, TestingS3 objects, Path directory, Settings settings) {
    this.client = client;
    this.objects = objects;
    this.directory = directory;
    this.settings = settings;
  }

  void run(Report report) throws Exception {
    var data = directory.resolve("image");
    RandomFile.write(data, settings.sizeBytes() / 2);
    var parts = new S3Config.Parts(ByteSize.of("8MiB"), ByteSize.of("128MiB"), 4);
    try (var files = new FileBlobStore("files", FileLayout.of(directory.resolve("bare"), true));
        var cloud =
            S3BlobStore.open(
                "s3", objects.config("bare", parts, Duration.ofSeconds(30)), 1L << 40)) {
      warmUp(data, files, cloud);
      for (int round = 0; round < settings.rounds(); round++) {
        // What comes second finds memory that was just freed, which the system gives out sooner.
        if (round % 2 == 0) {
          write(data, files, toFile);
          copy(data, "second", copyToFile);
          write(data, cloud, toS3);
          copy(data, "cloud", copyToS3);
        } else {
          copy(data, "second", copyToFile);
          write(data, files, toFile);
          copy(data, "cloud", copyToS3);
          write(data, cloud, toS3);
        }
      }
    }
    report.plain(toFile);
    report.atLeast(copyToFile, toFile, 0.8);
    report.plain(toS3);
    report.atLeast(copyToS3, toS3, 0.8);
  }

  private void warmUp(Path data, BlobStore files, BlobStore cloud) throws Exception {
    copy(data, "second", new Series("warm-up"));
    copy(data, "cloud", new Series("warm-up"));
    write(data, files, new Series("warm-up"));
    write(data, cloud, new Series("warm-up"));
  }

  private void copy(Path data, String store, Series series) throws Exception {
    var image = client.create("raw");
    client.upload(image, data);
    var order =
        new JsonObject()
            .put("method", new JsonObject().put("name", "copy-image"))
            .put("stores", new JsonArray().add(store));
    series.add(settings.sizeMib() / 2.0 / client.run(image, order));
    client.delete(image);
  }

  private static void write(Path data, BlobStore store, Series series) throws Exception {
    var blob =
        new BlobRef(
            UUID.randomUUID(),
            ImageId.random(),
            BlobRef.Purpose.IMAGE,
            new BlobRef.Place(store.id(), "here"));
    long start = System.nanoTime();
    try (var threads = Executors.newFixedThreadPool(2);
        var in = FileChannel.open(data)) {
      var md5 = MessageDigest.getInstance("MD5");
      var sha512 = MessageDigest.getInstance("SHA-512");
      var writer = store.begin(blob, OptionalLong.of(in.size()));
      var hashed = CompletableFuture.completedFuture((Void) null);
      for (long done = 0; done < in.size(); done += PIECE_BYTES) {
        var piece = ByteBuffer.allocate(PIECE_BYTES);
        while (piece.hasRemaining() && in.read(piece) >= 0) {}
        piece.flip();
        hashed.join();
        hashed =
            CompletableFuture.allOf(
                hash(threads, md5, piece.duplicate()), hash(threads, sha512, piece.duplicate()));
        writer.write(piece);
      }
      hashed.join();
      writer.commit();
      series.add(in.size() / 1e6 / 1.048576 * 1e9 / (System.nanoTime() - start));
    }
    store.delete(blob);
  }

  private static CompletableFuture<Void> hash(
      Executor threads, MessageDigest digest, ByteBuffer piece) {
    return CompletableFuture.runAsync(() -> digest.update(piece), threads);
  }
}
