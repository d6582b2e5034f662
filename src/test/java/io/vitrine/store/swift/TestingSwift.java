package io.vitrine.store.swift;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Secret;
import io.vitrine.net.address.Url;
import io.vitrine.testing.TestingCeph;
import java.time.Duration;
import java.util.Optional;

/** Stores in the Swift API of Ceph's gateway. */
public final class TestingSwift {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private TestingSwift() {}

  /** Where clients log in. */
  public static String loginUrl() {
    return TestingCeph.property("gateway") + "/auth/v1.0";
  }

  /** The login of the tests' user. */
  static SwiftLogin login() {
    return new SwiftLogin(
        1,
        Optional.of(Url.parse(loginUrl())),
        TestingCeph.property("swift_user"),
        new Secret(TestingCeph.property("swift_key")),
        "",
        "",
        "",
        "",
        new Secret(""),
        "");
  }

  /** The store in a container, which is created if it does not exist. */
  public static SwiftBlobStore store(String id, String container, int segmentBytes) {
    return new SwiftBlobStore(
        id,
        new SwiftConfig(
            login(), container, true, new ByteSize(segmentBytes), PATIENCE, PATIENCE, 2));
  }
}
