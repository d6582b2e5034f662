package io.vitrine.store.swift;

import static io.vitrine.store.TestingBlobs.blob;
import static io.vitrine.store.TestingBlobs.put;
import static io.vitrine.store.TestingBlobs.random;
import static io.vitrine.store.TestingBlobs.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.config.Secret;
import io.vitrine.net.address.Url;
import io.vitrine.testing.TestingCeph;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Against the Swift API of Ceph's gateway, where Keystone's catalog says, with Keystone's tokens.
 */
@Tag("stores")
class SwiftKeystoneTest extends SwiftStoreContract {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Url URL = Url.parse(TestingCeph.property("keystone"));
  private static final String PASSWORD = TestingCeph.property("keystone_password");

  SwiftKeystoneTest() {
    super(byPassword("RegionOne", PASSWORD), "keystone-images");
  }

  private static SwiftLogin byPassword(String region, String password) {
    return new SwiftLogin(
        3,
        Optional.of(URL),
        TestingCeph.property("keystone_user"),
        new Secret(password),
        "Default",
        TestingCeph.property("keystone_project"),
        "Default",
        "",
        new Secret(""),
        region);
  }

  @Test
  void sharesItsDataWithWhoeverHasAnApplicationCredentialOfTheProject() throws IOException {
    var blob = blob();
    var data = random(2 * SEGMENT_BYTES + 1);
    put(store(), blob, data);
    var login =
        new SwiftLogin(
            3,
            Optional.of(URL),
            "",
            new Secret(""),
            "",
            "",
            "",
            TestingCeph.property("credential"),
            new Secret(TestingCeph.property("credential_secret")),
            "");
    try (var other = elsewhere(login, PATIENCE)) {
      assertThat(read(other, blob)).isEqualTo(data);
      assertThat(other.delete(blob)).isTrue();
    }
  }

  @Test
  void saysThatTheLoginIsRefused() throws IOException {
    try (var wrong = elsewhere(byPassword("RegionOne", "guess"), PATIENCE)) {
      assertThatThrownBy(wrong::check).hasMessageContaining("log in").hasMessageContaining("401");
    }
  }

  @Test
  void saysThatTheRegionHasNoObjectStore() throws IOException {
    try (var wrong = elsewhere(byPassword("Elsewhere", PASSWORD), PATIENCE)) {
      assertThatThrownBy(wrong::check).hasMessageContaining("no object-store");
    }
  }
}
