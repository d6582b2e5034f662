package io.vitrine.api.uploads;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobStore.Entry;
import io.vitrine.store.rbd.TestingRbd;
import io.vitrine.testing.TestingCeph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** With a pool of Ceph as the store. */
@Tag("stores")
class TusRbdTest extends TusStoreContract {
  TusRbdTest() throws IOException {}

  @Override
  Map<String, String> settings(String store, String prefix) {
    return Map.of(
        prefix + "KIND",
        "rbd",
        prefix + "RBD__POOL",
        TestingCeph.pool(),
        prefix + "RBD__USER",
        "admin",
        prefix + "RBD__CONF_FILE",
        TestingCeph.confFile().toString());
  }

  @Override
  List<Entry> kept(String store) throws IOException {
    var id = store.equals("staging") ? BlobRef.STAGING_STORE : store;
    try (var pool = TestingRbd.store(id, 8 << 20)) {
      var kept = new ArrayList<Entry>();
      pool.visit(kept::add);
      return kept;
    }
  }
}
