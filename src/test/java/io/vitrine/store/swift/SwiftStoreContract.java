package io.vitrine.store.swift;

import io.vitrine.config.ByteSize;
import io.vitrine.store.BlobStoreContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** What a store in Swift must do, however it logs in. Segments are of 1 MiB. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SwiftStoreContract extends BlobStoreContract {
  static final int SEGMENT_BYTES = 1 << 20;

  private final String container;
  private final SwiftBlobStore store;

  SwiftStoreContract(SwiftLogin login, String container) {
    this.container = container;
    this.store = elsewhere(login, Duration.ofSeconds(20));
  }

  /** The same store as another node has it. */
  final SwiftBlobStore elsewhere(SwiftLogin login, Duration requestTimeout) {
    var config =
        new SwiftConfig(
            login,
            container,
            true,
            new ByteSize(SEGMENT_BYTES),
            Duration.ofSeconds(5),
            requestTimeout,
            2);
    return new SwiftBlobStore("swift", config);
  }

  @AfterAll
  void disconnect() {
    store.close();
  }

  @Override
  public final SwiftBlobStore store() {
    return store;
  }

  @Override
  public boolean keepsWhatIsRead() {
    return false;
  }
}
