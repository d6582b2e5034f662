package io.vitrine.store.rbd;

import io.vitrine.config.ByteSize;
import io.vitrine.testing.TestingCeph;
import java.io.IOException;
import java.time.Duration;

/** Stores in the pool of the tests. */
public final class TestingRbd {
  static final Duration DEADLINE = Duration.ofSeconds(20);

  private TestingRbd() {}

  /** A store with connections of its own. */
  public static RbdBlobStore store(String id, int objectBytes) {
    return store(id, objectBytes, true, DEADLINE);
  }

  /** The same, with or without zeros, and how long it waits for the cluster. */
  static RbdBlobStore store(String id, int objectBytes, boolean isThin, Duration deadline) {
    var config =
        new RbdConfig(
            TestingCeph.pool(),
            "admin",
            TestingCeph.confFile(),
            new ByteSize(objectBytes),
            isThin,
            deadline,
            deadline);
    try {
      return new RbdBlobStore(id, config);
    } catch (IOException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
