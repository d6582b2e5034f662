package io.vitrine.store.s3;

import io.vitrine.config.Secret;
import io.vitrine.net.address.Url;
import io.vitrine.testing.TestingCeph;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** With Ceph's gateway as the server. */
@Tag("stores")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3KeptGatewayTest extends S3KeptContract {
  private final S3BlobStore store = elsewhere();

  S3KeptGatewayTest() throws IOException {}

  @AfterAll
  void close() {
    store.close();
  }

  @Override
  S3BlobStore store() {
    return store;
  }

  @Override
  S3BlobStore elsewhere() throws IOException {
    var config =
        new S3Config(
            Optional.of(Url.parse(TestingCeph.property("gateway"))),
            "us-east-1",
            TestingCeph.property("bucket"),
            "some/uploads",
            new S3Config.Keys(
                new Secret(TestingCeph.property("s3_access_key")),
                new Secret(TestingCeph.property("s3_secret_key"))),
            true,
            Optional.empty(),
            S3StoreContract.PARTS,
            Duration.ofSeconds(1),
            Duration.ofSeconds(5));
    return S3BlobStore.open("fast", config, S3StoreContract.LARGEST_BYTES);
  }
}
