package io.vitrine.store.swift;

import static io.vitrine.store.TestingBlobs.blob;
import static io.vitrine.store.TestingBlobs.put;
import static io.vitrine.store.TestingBlobs.random;
import static io.vitrine.store.TestingBlobs.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.net.address.Url;
import io.vitrine.store.swift.SwiftSettings.Login;
import io.vitrine.testing.TestingCeph;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Against the Swift API of Ceph's gateway, where Keystone's catalog says, with Keystone's tokens.
 */
@Tag("stores")
class SwiftKeystoneTest extends SwiftStoreContract {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Url URL = Url.parse(TestingCeph.property("keystone"));
  private static final SwiftSettings.Account ACCOUNT =
      new SwiftSettings.Account(
          TestingCeph.property("keystone_user"),
          "Default",
          TestingCeph.property("keystone_project"),
          "Default");
  private static final String PASSWORD = TestingCeph.property("keystone_password");

  SwiftKeystoneTest() {
    super(new Login.Password(URL, "RegionOne", ACCOUNT, PASSWORD), "keystone-images");
  }

  @Test
  void sharesItsDataWithWhoeverHasAnApplicationCredentialOfTheProject() throws IOException {
    var blob = blob();
    var data = random(2 * SEGMENT_BYTES + 1);
    put(store(), blob, data);
    var login =
        new Login.ApplicationCredential(
            URL, "", TestingCeph.property("credential"), TestingCeph.property("credential_secret"));
    try (var other = elsewhere(login, PATIENCE)) {
      assertThat(read(other, blob)).isEqualTo(data);
      assertThat(other.delete(blob)).isTrue();
    }
  }

  @Test
  void saysThatTheLoginIsRefused() throws IOException {
    try (var wrong = elsewhere(new Login.Password(URL, "RegionOne", ACCOUNT, "guess"), PATIENCE)) {
      assertThatThrownBy(wrong::check).hasMessageContaining("log in").hasMessageContaining("401");
    }
  }

  @Test
  void saysThatTheRegionHasNoObjectStore() throws IOException {
    try (var wrong = elsewhere(new Login.Password(URL, "Elsewhere", ACCOUNT, PASSWORD), PATIENCE)) {
      assertThatThrownBy(wrong::check).hasMessageContaining("no object-store");
    }
  }
}
