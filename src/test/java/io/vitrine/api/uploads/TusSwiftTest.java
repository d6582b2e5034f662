package io.vitrine.api.uploads;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Secret;
import io.vitrine.net.address.Url;
import io.vitrine.store.blob.BlobStore.Entry;
import io.vitrine.store.swift.SwiftBlobStore;
import io.vitrine.store.swift.SwiftConfig;
import io.vitrine.store.swift.SwiftLogin;
import io.vitrine.testing.TestingCeph;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;

/** With the Swift API of Ceph's gateway as the store. */
@Tag("stores")
class TusSwiftTest extends TusStoreContract {
  private static final String LOGIN = TestingCeph.property("gateway") + "/auth/v1.0";

  TusSwiftTest() throws IOException {}

  private static String container(String store) {
    return "tus-" + store;
  }

  @Override
  Map<String, String> settings(String store, String prefix) {
    return Map.of(
        prefix + "KIND",
        "swift",
        prefix + "SWIFT__AUTH_VERSION",
        "1",
        prefix + "SWIFT__AUTH_URL",
        LOGIN,
        prefix + "SWIFT__USER",
        TestingCeph.property("swift_user"),
        prefix + "SWIFT__PASSWORD",
        TestingCeph.property("swift_key"),
        prefix + "SWIFT__CONTAINER",
        container(store),
        prefix + "SWIFT__CREATE_CONTAINER",
        "true",
        prefix + "SWIFT__SEGMENT_SIZE",
        "5MiB");
  }

  @Override
  List<Entry> kept(String store) throws IOException {
    var login =
        new SwiftLogin(
            1,
            Optional.of(Url.parse(LOGIN)),
            TestingCeph.property("swift_user"),
            new Secret(TestingCeph.property("swift_key")),
            "",
            "",
            "",
            "",
            new Secret(""),
            "");
    var patience = Duration.ofSeconds(20);
    var config =
        new SwiftConfig(login, container(store), true, new ByteSize(PART), patience, patience, 2);
    try (var objects = new SwiftBlobStore(store, config)) {
      objects.check();
      var kept = new ArrayList<Entry>();
      objects.visit(kept::add);
      return kept;
    }
  }
}
