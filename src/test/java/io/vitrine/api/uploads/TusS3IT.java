package io.vitrine.api.uploads;

import io.vitrine.config.ByteSize;
import io.vitrine.store.blob.BlobStore.Entry;
import io.vitrine.store.s3.S3BlobStore;
import io.vitrine.store.s3.S3Config;
import io.vitrine.testing.TestingS3;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** With S3 as the store. */
class TusS3IT extends TusStoreContract {
  private final TestingS3 objects;

  TusS3IT() throws IOException {
    objects = TestingS3.start(Files.createDirectory(directory.resolve("s3")));
  }

  @Override
  void closeStore() throws IOException {
    objects.close();
  }

  @Override
  Map<String, String> settings(String store, String prefix) {
    return Map.of(
        prefix + "KIND",
        "s3",
        prefix + "S3__ENDPOINT",
        objects.endpoint().toString(),
        prefix + "S3__BUCKET",
        TestingS3.BUCKET,
        prefix + "S3__ACCESS_KEY",
        TestingS3.KEYS.accessKey().value(),
        prefix + "S3__SECRET_KEY",
        TestingS3.KEYS.secretKey().value(),
        prefix + "S3__PART_SIZE",
        "5MiB",
        prefix + "S3__MEMORY",
        "20MiB");
  }

  @Override
  List<Entry> kept(String store) throws IOException {
    var parts = new S3Config.Parts(new ByteSize(PART), new ByteSize(PART), 1);
    var config = objects.config(store, parts, Duration.ofSeconds(5));
    try (var bucket = S3BlobStore.open(store, config, 1L << 40)) {
      var kept = new ArrayList<Entry>();
      bucket.visit(kept::add);
      return kept;
    }
  }
}
