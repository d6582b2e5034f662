package io.vitrine.catalog.status;

import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vitrine.access.quota.Limits;
import io.vitrine.access.quota.ProjectLimits;
import io.vitrine.access.quota.Resource;
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.Quotas;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Visibility;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestingCatalog.class)
class CatalogStatusTest {
  private static final long MIB = 1 << 20;

  private final Pool pool;
  private final ImageCatalog catalog;
  private final CatalogStatus status;

  CatalogStatusTest(Pool pool) {
    this.pool = pool;
    catalog = new ImageCatalog(pool);
    status = new CatalogStatus(pool);
  }

  private ImageId image(String project, ImageStatus status) throws Exception {
    var image = TestingCatalog.image(ImageStatus.QUEUED, Visibility.PRIVATE, project);
    result(catalog.create(image));
    result(
        pool.preparedQuery("update images set status = $2, size = $3 where id = $1")
            .execute(Tuple.of(image.id().value(), status.text(), 5 * MIB)));
    return image.id();
  }

  private void blob(ImageId image, String store, String purpose, String state, @Nullable Long size)
      throws Exception {
    result(
        pool.preparedQuery(
                "insert into blobs (id, image_id, store, purpose, node, state, size)"
                    + " values ($1, $2, $3, $4, 'node', $5, $6)")
            .execute(Tuple.of(UUID.randomUUID(), image.value(), store, purpose, state, size)));
  }

  @Test
  void sumsWhatStoresHold() throws Exception {
    var image = image("a", ImageStatus.ACTIVE);
    var other = image("b", ImageStatus.ACTIVE);
    blob(image, "disk", "image", "stored", 3 * MIB);
    blob(other, "disk", "image", "stored", 4 * MIB);
    blob(other, "tape", "image", "stored", MIB);
    blob(image("c", ImageStatus.SAVING), "disk", "image", "writing", 9 * MIB);
    result(
        pool.query(
                "update blobs set verdict = 'damaged', verified_at = 'epoch' where size = " + MIB)
            .execute());

    var contents = result(status.contents());

    var disk = contents.getOrDefault("disk", StoreContents.NONE);
    assertThat(disk.blobs()).isEqualTo(2);
    assertThat(disk.bytes()).isEqualTo(7 * MIB);
    assertThat(disk.scrub().unread()).isEqualTo(2);
    var tape = contents.getOrDefault("tape", StoreContents.NONE).scrub();
    assertThat(tape.damaged()).isEqualTo(1);
    assertThat(tape.unread()).isZero();
    assertThat(tape.oldest()).isEqualTo("1970-01-01T00:00:00Z");
  }

  @Test
  void sumsTheSurveysOfAllNodes() throws Exception {
    var store = "surveyed-" + UUID.randomUUID();
    result(
        pool.preparedQuery(
                """
                insert into store_surveys (store, node, surveyed_at, orphans, orphan_bytes)
                values ($1, 'a', now(), 2, 10), ($1, 'b', 'epoch', 3, 20), ($1, 'c', null, 0, 0)
                """)
            .execute(Tuple.of(store)));

    var survey = result(status.contents()).getOrDefault(store, StoreContents.NONE).survey();

    assertThat(survey.orphans()).isEqualTo(5);
    assertThat(survey.orphanBytes()).isEqualTo(30);
    assertThat(survey.oldest()).isEqualTo("1970-01-01T00:00:00Z");
  }

  @Test
  void tellsWhatRunsAndWhatWaits() throws Exception {
    var image = image("a", ImageStatus.IMPORTING);
    task(image, "pending", "1 hour");
    task(image, "processing", "1 minute");
    task(image, "processing", "2 minutes");
    task(image, "success", "3 hours");

    var queue = result(status.queue());

    assertThat(queue.waiting()).isEqualTo(1);
    assertThat(queue.running()).isEqualTo(2);
    assertThat(queue.workers()).isEqualTo(2);
    assertThat(queue.oldestSeconds()).isBetween(3600.0, 3700.0);
    assertThat(queue.first())
        .extracting(task -> task.status())
        .containsExactly("processing", "processing", "pending");
    assertThat(queue.first().get(0).createdAt()).isBefore(queue.first().get(1).createdAt());
  }

  private void task(ImageId image, String state, String age) throws Exception {
    result(
        pool.preparedQuery(
                """
                insert into tasks (id, image_id, type, status, owner, input, created_at, leased_by, leased_until)
                values ($1, $2, 'api_image_import', $3, 'a', '{}', now() - $4::text::interval,
                  case when $3 = 'processing' then $1 end, now() + interval '1 minute')
                """)
            .execute(Tuple.of(UUID.randomUUID(), image.value(), state, age)));
  }

  /** The same figures as those that the quota is checked by, whatever the states of the images. */
  @Test
  void countsAsQuotasDo() throws Exception {
    var active = image("a", ImageStatus.ACTIVE);
    blob(active, "disk", "image", "stored", 3 * MIB);
    blob(active, "tape", "image", "stored", 3 * MIB);
    blob(image("a", ImageStatus.SAVING), "disk", "image", "writing", null);
    blob(
        image("a", ImageStatus.UPLOADING),
        "os_glance_staging_store",
        "staging",
        "writing",
        7 * MIB);
    blob(
        image("a", ImageStatus.IMPORTING),
        "os_glance_staging_store",
        "staging",
        "stored",
        11 * MIB);
    var importing = image("a", ImageStatus.IMPORTING);
    blob(importing, "os_glance_staging_store", "staging", "stored", 13 * MIB);
    blob(importing, "disk", "image", "writing", 17 * MIB);
    blob(image("b", ImageStatus.ACTIVE), "disk", "image", "stored", 1000 * MIB);
    result(catalog.delete(image("a", ImageStatus.ACTIVE), ALICE, TestingCatalog.PERMITTED));
    var quotas = new Quotas(pool, Optional.of(Limits.same(limits(Map.of()))));

    var usages = result(new ProjectUsages(pool, quotas).most(2));

    assertThat(usages).extracting(ProjectUsage::project).containsExactly("b", "a");
    var expected =
        result(limited().usage("a")).entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, each -> each.getValue().used() * each.getKey().unit()));
    assertThat(usages.get(1).used()).isEqualTo(expected);
    assertThat(expected).containsEntry(Resource.IMAGE_COUNT_UPLOADING, 4L);
  }

  private Quotas limited() {
    var all = Stream.of(Resource.values()).collect(Collectors.toMap(each -> each, each -> 1000L));
    return new Quotas(pool, Optional.of(Limits.same(limits(all))));
  }

  private static ProjectLimits limits(Map<Resource, Long> amounts) {
    return new ProjectLimits(amounts, OptionalLong.empty());
  }

  @Test
  void tellsLimitsAndTheMostDataFirst() throws Exception {
    blob(image("small", ImageStatus.ACTIVE), "disk", "image", "stored", MIB);
    blob(image("large", ImageStatus.ACTIVE), "disk", "image", "stored", 2 * MIB);

    var usages = result(new ProjectUsages(pool, limited()).most(1));

    assertThat(usages).extracting(ProjectUsage::project).containsExactly("large");
    assertThat(usages.getFirst().limits().most(Resource.IMAGE_SIZE_TOTAL)).hasValue(1000 * MIB);
  }

  @Test
  void asksASourceOfLimitsThatFailsOnlyOnce() throws Exception {
    image("a", ImageStatus.ACTIVE);
    image("b", ImageStatus.ACTIVE);
    var asked = new AtomicInteger();
    var quotas =
        new Quotas(
            pool,
            Optional.of(
                project -> {
                  asked.incrementAndGet();
                  return Future.failedFuture("away");
                }));

    var usages = result(new ProjectUsages(pool, quotas).most(10));

    assertThat(usages).hasSize(2);
    assertThat(asked).hasValue(1);
  }
}
