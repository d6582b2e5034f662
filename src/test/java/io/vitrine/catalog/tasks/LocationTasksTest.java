package io.vitrine.catalog.tasks;

import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.PERMITTED;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.ImageAccess;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.task.LocationTask;
import io.vitrine.image.task.Workload;
import io.vitrine.net.address.Url;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Checks of locations, in the queue beside imports. */
@ExtendWith(TestingCatalog.class)
class LocationTasksTest extends TestingTasks {
  private static final Url URL = Url.parse("http://example.org/image");
  private static final HashClaim CLAIM = new HashClaim(HashAlgorithm.MD5, "0".repeat(32));

  private final LocationResults results;

  LocationTasksTest(Pool pool) {
    super(pool);
    this.results = new PgLocationResults(pool, one.queue(), Outbox.OFF);
  }

  private ImageId locate(Optional<HashClaim> claim) throws Exception {
    var id = result(catalog.create(image())).id();
    var request = new LocationRequests.Claim(URL, claim, "web", "node");
    result(
        new LocationRequests(pool, Outbox.OFF)
            .submit(
                new ImageAccess(id, ALICE, PERMITTED),
                image -> request,
                new TaskOrigin("req-1", Optional.empty())));
    return id;
  }

  private LocationTask leaseLocation() throws Exception {
    return (LocationTask) result(one.queue().lease(TaskSelection.but(Set.of()))).orElseThrow();
  }

  @Test
  void leasesATaskOfItsOwnType() throws Exception {
    var id = locate(Optional.of(CLAIM));

    var task = leaseLocation();

    assertThat(task.image().id()).isEqualTo(id);
    assertThat(task.url()).isEqualTo(URL);
    assertThat(task.claim()).contains(CLAIM);
    assertThat(task.copies()).extracting(blob -> blob.url().orElseThrow()).containsExactly(URL);
    assertThat(task.workload()).isEqualTo(Workload.FETCH);
    assertThat(task.attempt()).isEqualTo(1);
  }

  /** Other versions of this program have written, and read, the same rows. */
  @Test
  void keepsTheRowAsOtherVersionsKnowIt() throws Exception {
    var id = locate(Optional.of(CLAIM));

    var row =
        result(
                pool.preparedQuery("select type, input from tasks where image_id = $1")
                    .execute(Tuple.of(id.value())))
            .iterator()
            .next();

    assertThat(row.getString("type")).isEqualTo("location_import");
    assertThat(row.getJsonObject("input"))
        .isEqualTo(
            new JsonObject()
                .put("image_id", id.toString())
                .put("loc_url", "http://example.org/image")
                .put(
                    "validation_data",
                    new JsonObject()
                        .put("os_hash_algo", "md5")
                        .put("os_hash_value", "0".repeat(32))));
  }

  @Test
  void makesTheImageActiveWithItsLengthAndDigests() throws Exception {
    var id = locate(Optional.empty());
    var task = leaseLocation();
    var digests = new Digests("5d", HashAlgorithm.SHA512, "512", "256");

    result(results.located(task, 7, Optional.of("sha512")));
    assertThat(get(id).status()).isEqualTo(ImageStatus.ACTIVE);
    result(results.hashed(task, digests));
    result(one.end().succeed(task, "done"));

    assertThat(get(id).size()).isEqualTo(7);
    assertThat(get(id).digests()).isEqualTo(digests);
    assertThat(task(id).status()).isEqualTo("success");
    assertThat(get(id).stores()).containsExactly("web");
  }

  /** As Glance does: Tempest looks for the store of a location that was refused. */
  @Test
  void showsTheStoreOfALocationThatWasRefused() throws Exception {
    var id = locate(Optional.of(CLAIM));

    result(one.end().fail(leaseLocation(), "wrong hash"));

    assertThat(get(id).status()).isEqualTo(ImageStatus.QUEUED);
    assertThat(get(id).stores()).containsExactly("web");
    assertThat(result(locations.of(id))).isEmpty();
    assertThat(task(id).message()).isEqualTo("wrong hash");
  }
}
