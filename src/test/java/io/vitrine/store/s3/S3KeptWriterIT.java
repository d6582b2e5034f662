package io.vitrine.store.s3;

import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingS3;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** With S3Proxy as the server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3KeptWriterIT extends S3KeptContract {
  private final Path directory;
  private final TestingS3 server;
  private final S3BlobStore store;

  S3KeptWriterIT() throws IOException {
    directory = TestingServer.newDirectory();
    server = TestingS3.start(directory);
    store = elsewhere();
  }

  @AfterAll
  void close() throws IOException {
    store.close();
    server.close();
    TestingServer.remove(directory);
  }

  @Override
  S3BlobStore store() {
    return store;
  }

  @Override
  S3BlobStore elsewhere() throws IOException {
    return S3BlobStore.open(
        "fast",
        server.config("some/where", S3StoreContract.PARTS, Duration.ofSeconds(5)),
        S3StoreContract.LARGEST_BYTES);
  }
}
