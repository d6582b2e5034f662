package io.vitrine.api.uploads;

import io.vitrine.store.blob.BlobStore.Entry;
import io.vitrine.store.swift.TestingSwift;
import io.vitrine.testing.TestingCeph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** With the Swift API of Ceph's gateway as the store. */
@Tag("stores")
class TusSwiftTest extends TusStoreContract {
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
        TestingSwift.loginUrl(),
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
    try (var objects = TestingSwift.store(store, container(store), PART)) {
      objects.check();
      var kept = new ArrayList<Entry>();
      objects.visit(kept::add);
      return kept;
    }
  }
}
