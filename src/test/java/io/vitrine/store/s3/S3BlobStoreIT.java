package io.vitrine.store.s3;

import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingDaemon;
import io.vitrine.testing.TestingS3;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
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
