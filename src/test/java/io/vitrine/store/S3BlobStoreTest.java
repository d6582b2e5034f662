package io.vitrine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.TestingConditions;
import io.vitrine.TestingS3;
import io.vitrine.TestingServer;
import io.vitrine.store.s3.S3BlobStore;
import io.vitrine.store.s3.S3Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The store with S3Proxy as the server, which can be killed and can hang. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3BlobStoreTest extends S3StoreContract {
  private final Path directory;
  private final TestingS3 server;
  private final S3Settings settings;
  private final S3BlobStore store;

  S3BlobStoreTest() throws IOException {
    directory = TestingServer.newDirectory();
    server = TestingS3.start(directory);
    settings = server.settings("some/where", UPLOAD, Duration.ofSeconds(5));
    store = S3BlobStore.open("fast", settings);
  }

  @AfterAll
  void close() throws IOException {
    store.close();
    server.close();
    TestingServer.remove(directory);
  }

  @Override
  S3Settings settings() {
    return settings;
  }

  @Override
  S3BlobStore store() {
    return store;
  }

  @Test
  void survivesARestartOfTheServerInTheMiddleOfAnUpload() throws Exception {
    var blob = blob();
    var data = data(4 * PART + 7);
    var writer = store.begin(blob, OptionalLong.empty());
    write(writer, data, 0, 2 * PART + 1);

    server.kill();
    var rest =
        CompletableFuture.runAsync(
            () -> {
              try {
                write(writer, data, 2 * PART + 1, data.length);
                writer.commit();
              } catch (IOException failure) {
                throw new IllegalStateException(failure);
              }
            });
    server.restart();
    TestingConditions.await(rest::isDone, done -> done);

    rest.join();
    try (var reader = store.open(blob).orElseThrow()) {
      assertThatIs(reader, data, 0, data.length);
    }
    store.delete(blob);
  }

  @Test
  void survivesARestartOfTheServerInTheMiddleOfADownload() throws Exception {
    var blob = blob();
    var data = data(8 * PART);
    put(blob, data);
    try (var reader = store.open(blob).orElseThrow()) {
      assertThatIs(reader, data, 0, PART);

      server.kill();
      server.restart();

      assertThatIs(reader, data, PART, data.length - PART);
    }
    store.delete(blob);
  }

  @Test
  void neverJoinsTheBytesOfTwoObjects() throws Exception {
    var blob = blob();
    var data = data(8 * PART);
    put(blob, data);
    try (var reader = store.open(blob).orElseThrow()) {
      assertThatIs(reader, data, 0, 1);
      store.delete(blob);
      put(blob, data(8 * PART - 1));

      assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1), 5 * PART))
          .isInstanceOf(IOException.class);
    }
    store.delete(blob);
  }

  @Test
  void givesUpOnAServerThatHangs() throws Exception {
    var patience = Duration.ofSeconds(1);
    try (var hasty = S3BlobStore.open("hasty", server.settings("hang", UPLOAD, patience))) {
      var blob = blob();
      var writer = hasty.begin(blob, OptionalLong.empty());
      write(writer, data(10), 0, 10);

      server.freeze();
      try {
        long start = System.nanoTime();
        assertThatThrownBy(writer::commit).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> hasty.open(blob)).isInstanceOf(IOException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .isLessThan(patience.multipliedBy(12));
      } finally {
        server.thaw();
      }

      hasty.delete(blob);
    }
  }
}
