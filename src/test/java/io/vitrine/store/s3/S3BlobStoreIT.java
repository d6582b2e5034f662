package io.vitrine.store.s3;

import static io.vitrine.store.TestingBlobs.blob;
import static io.vitrine.store.TestingBlobs.put;
import static io.vitrine.store.TestingBlobs.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingDaemon;
import io.vitrine.testing.TestingS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The store with S3Proxy as the server, which can be killed and can hang. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3BlobStoreIT extends S3StoreContract {
  private final Path directory;
  private final TestingS3 server;
  private final S3Config config;
  private final S3BlobStore store;

  S3BlobStoreIT() throws IOException {
    directory = TestingServer.newDirectory();
    server = TestingS3.start(directory);
    config = server.config("some/where", PARTS, Duration.ofSeconds(5));
    store = S3BlobStore.open("fast", config, LARGEST_BYTES);
  }

  @AfterAll
  void close() throws IOException {
    store.close();
    server.close();
    TestingServer.remove(directory);
  }

  @Test
  void sendsNoPartsOfZeros() throws IOException {
    var data = sparse();
    var first = blob();
    put(store, first, data);
    var zeros = directory.resolve("buckets/images/some/where/zeros-" + PART);
    assertThat(zeros).hasSize(PART);

    // It is not trusted if others have changed it.
    Files.write(zeros, random(PART));
    var second = blob();
    try (var another = elsewhere()) {
      put(another, second, data);
    }

    try (var reader = store.open(second).orElseThrow()) {
      assertThatIs(reader, data, 0, data.length);
    }
    Files.delete(zeros);
    store.delete(first);
    store.delete(second);
  }

  @Override
  S3Config config() {
    return config;
  }

  @Override
  public S3BlobStore store() {
    return store;
  }

  @Override
  TestingDaemon server() {
    return server;
  }
}
