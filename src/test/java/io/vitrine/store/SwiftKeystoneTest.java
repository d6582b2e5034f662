package io.vitrine.store;

import static io.vitrine.store.TestingBlobs.blob;
import static io.vitrine.store.TestingBlobs.put;
import static io.vitrine.store.TestingBlobs.random;
import static io.vitrine.store.TestingBlobs.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.TestingCeph;
import io.vitrine.store.swift.SwiftBlobStore;
import io.vitrine.store.swift.SwiftSettings;
import io.vitrine.store.swift.SwiftSettings.Login;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Against the Swift API of Ceph's gateway, where Keystone's catalog says, with Keystone's tokens.
 */
@Tag("stores")
class SwiftKeystoneTest extends BlobStoreContract {
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final URI URL = URI.create(TestingCeph.property("keystone"));
  private static final SwiftSettings.Account ACCOUNT =
      new SwiftSettings.Account(
          TestingCeph.property("keystone_user"),
          "Default",
          TestingCeph.property("keystone_project"),
          "Default");
  private static final String PASSWORD = TestingCeph.property("keystone_password");

  private static final SwiftBlobStore store =
      store(new Login.Password(URL, "RegionOne", ACCOUNT, PASSWORD));

  private static SwiftBlobStore store(Login login) {
    return new SwiftBlobStore(
        "swift",
        new SwiftSettings(
            login,
            "keystone-images",
            true,
            SEGMENT_BYTES,
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            2));
  }

  @AfterAll
  static void disconnect() {
    store.close();
  }

  @Override
  BlobStore store() {
    return store;
  }

  @Override
  boolean isEmpty() throws IOException {
    var all = new ArrayList<BlobStore.Kept>();
    store.visit(all::add);
    return all.isEmpty();
  }

  @Override
  boolean keepsFiles() {
    return false;
  }

  @Override
  boolean keepsWhatIsRead() {
    return false;
  }

  @Test
  void sharesItsDataWithWhoeverHasAnApplicationCredentialOfTheProject() throws IOException {
    var blob = blob();
    var data = random(2 * SEGMENT_BYTES + 1);
    put(store, blob, data);
    var login =
        new Login.ApplicationCredential(
            URL, "", TestingCeph.property("credential"), TestingCeph.property("credential_secret"));
    try (var other = store(login)) {
      assertThat(read(other, blob)).isEqualTo(data);
      assertThat(other.delete(blob)).isTrue();
    }
  }

  @Test
  void saysThatTheLoginIsRefused() throws IOException {
    try (var wrong = store(new Login.Password(URL, "RegionOne", ACCOUNT, "guess"))) {
      assertThatThrownBy(wrong::check).hasMessageContaining("log in").hasMessageContaining("401");
    }
  }

  @Test
  void saysThatTheRegionHasNoObjectStore() throws IOException {
    try (var wrong = store(new Login.Password(URL, "Elsewhere", ACCOUNT, PASSWORD))) {
      assertThatThrownBy(wrong::check).hasMessageContaining("no object-store");
    }
  }
}
