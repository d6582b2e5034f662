package io.vitrine.store.s3;

import io.vitrine.config.Secret;
import io.vitrine.net.address.Url;
import io.vitrine.testing.TestingCeph;
import io.vitrine.testing.TestingDaemon;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** Against the S3 API of Ceph's gateway. */
@Tag("stores")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3GatewayTest extends S3StoreContract {
  private final S3Config config =
      new S3Config(
          Optional.of(Url.parse(TestingCeph.property("gateway"))),
          "us-east-1",
          TestingCeph.property("bucket"),
          "some/where",
          new S3Config.Keys(
              new Secret(TestingCeph.property("s3_access_key")),
              new Secret(TestingCeph.property("s3_secret_key"))),
          true,
          Optional.empty(),
          PARTS,
          Duration.ofSeconds(1),
          Duration.ofSeconds(5));
  private final S3BlobStore store = S3BlobStore.open("fast", config, LARGEST_BYTES);

  S3GatewayTest() throws IOException {}

  @AfterAll
  void close() {
    store.close();
  }

  @Override
  S3Config config() {
    return config;
  }

  @Override
  public S3BlobStore store() {
    return store;
  }

  @Override
  TestingDaemon server() {
    return TestingCeph.daemon(TestingCeph.GATEWAY);
  }
}
