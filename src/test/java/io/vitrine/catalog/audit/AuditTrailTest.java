package io.vitrine.catalog.audit;

import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.DIGESTS;
import static io.vitrine.catalog.TestingCatalog.FORBIDDEN;
import static io.vitrine.catalog.TestingCatalog.IMAGE_PLAN;
import static io.vitrine.catalog.TestingCatalog.PERMITTED;
import static io.vitrine.catalog.TestingCatalog.STAGING_PLAN;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.problem;
import static io.vitrine.catalog.TestingCatalog.result;
import static io.vitrine.catalog.TestingCatalog.unlimited;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.NewImages;
import io.vitrine.catalog.sql.IdempotencyKeys;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestingCatalog.class)
class AuditTrailTest {
  private final Pool pool;
  private final ImageCatalog catalog;
  private final BlobJournal journal;
  private final AuditRecords records;

  AuditTrailTest(Pool pool) {
    this.pool = pool;
    catalog = new ImageCatalog(pool);
    journal = new BlobJournal(pool, TestingCatalog.holder(Duration.ofMinutes(1)), unlimited(pool));
    records = new AuditRecords(pool);
  }

  private ImageId create() throws Exception {
    var keys = new IdempotencyKeys(pool, Duration.ofMinutes(1));
    return result(new NewImages(pool, unlimited(pool), keys, Outbox.OFF).create(image())).id();
  }

  private List<AuditRecord> trail(ImageId id) throws Exception {
    return result(records.find(AuditQuery.of(id, Optional.empty(), 100))).reversed();
  }

  private List<String> actions(ImageId id) throws Exception {
    return trail(id).stream().map(each -> each.action() + " " + each.outcome()).toList();
  }

  private static Image renamed(Image image) {
    var old = image.metadata();
    return image.with(
        new Image.Metadata("new", old.requirements(), old.tags(), Map.of("colour", "secret")));
  }

  @Test
  void recordsEachChangeInItsOrder() throws Exception {
    var id = create();
    result(catalog.update(id, ALICE, PERMITTED, AuditTrailTest::renamed));
    var begun = result(journal.beginUpload(id, ALICE, PERMITTED, IMAGE_PLAN));
    result(journal.commitUpload(begun, 7, DIGESTS, Optional.empty()));
    result(catalog.turn(id, ALICE, PERMITTED, ImageStatus.DEACTIVATED));
    result(catalog.turn(id, ALICE, PERMITTED, ImageStatus.DEACTIVATED));
    result(catalog.turn(id, ALICE, PERMITTED, ImageStatus.ACTIVE));
    result(catalog.delete(id, ALICE, PERMITTED));

    assertThat(actions(id))
        .containsExactly(
            "create done",
            "update done",
            "upload begun",
            "upload done",
            "deactivate done",
            "reactivate done",
            "delete done");
  }

  @Test
  void namesWhatChangedButNoValues() throws Exception {
    var id = create();

    result(catalog.update(id, ALICE, PERMITTED, AuditTrailTest::renamed));

    assertThat(trail(id).getLast().details())
        .isEqualTo(Map.of("changed", List.of("name"), "properties", List.of("colour")));
  }

  @Test
  void recordsUploadsAndStagingThatFail() throws Exception {
    var id = create();
    var upload = result(journal.beginUpload(id, ALICE, PERMITTED, IMAGE_PLAN));
    result(journal.abort(upload.blob()));
    result(journal.abort(upload.blob()));
    var staging = result(journal.beginStaging(id, ALICE, PERMITTED, STAGING_PLAN));
    result(journal.commitStaging(staging, 7, Optional.empty()));

    assertThat(actions(id))
        .containsExactly(
            "create done", "upload begun", "upload failed", "stage begun", "stage done");
  }

  @Test
  void recordsNothingThatIsRefused() throws Exception {
    var id = create();

    problem(catalog.update(id, ALICE, FORBIDDEN, image -> image));
    problem(catalog.delete(id, ALICE, FORBIDDEN));
    problem(
        catalog.update(
            id,
            ALICE,
            PERMITTED,
            image -> {
              FORBIDDEN.require(image);
              return image;
            }));

    assertThat(actions(id)).containsExactly("create done");
  }

  @Test
  void changesNothingWithoutARecord() throws Exception {
    var id = create();
    result(
        pool.query("alter table audit add constraint broken check (action <> 'update') not valid")
            .execute());
    try {
      assertThatThrownBy(
              () -> result(catalog.update(id, ALICE, PERMITTED, AuditTrailTest::renamed)))
          .hasMessageContaining("broken");
    } finally {
      result(pool.query("alter table audit drop constraint broken").execute());
    }

    assertThat(result(catalog.get(id, ALICE)).name()).isEqualTo("name");
  }

  @Test
  void recordsNothingOfAChangeThatTheDatabaseRefuses() throws Exception {
    var id = create();

    assertThatThrownBy(
            () ->
                result(
                    catalog.update(
                        id,
                        ALICE,
                        PERMITTED,
                        image ->
                            image.with(
                                new Image.Metadata(
                                    "a\0b",
                                    image.metadata().requirements(),
                                    image.tags(),
                                    image.properties())))))
        .isNotNull();

    assertThat(actions(id)).containsExactly("create done");
  }

  @Test
  void isByTheServiceOutsideOfRequests() throws Exception {
    var id = create();

    var record = trail(id).getFirst();

    assertThat(record.via()).isEqualTo("service");
    assertThat(record.user()).isNull();
    assertThat(record.ticket()).isNull();
  }

  @Test
  void keepsRecordsForAsLongAsConfigured() throws Exception {
    var old = create();
    var recent = create();
    result(
        pool.preparedQuery("update audit set at = now() - interval '91 days' where image_id = $1")
            .execute(Tuple.of(old.value())));

    assertThat(result(records.forget(Duration.ZERO))).isZero();
    assertThat(actions(old)).hasSize(1);
    assertThat(result(records.forget(Duration.ofDays(90)))).isPositive();

    assertThat(actions(old)).isEmpty();
    assertThat(actions(recent)).hasSize(1);
  }

  @Test
  void removesRecordsInBatches() throws Exception {
    result(
        pool.query(
                "insert into audit (at, image_id, action, outcome, via) select now() - interval '400 days',"
                    + " gen_random_uuid(), 'create', 'done', 'service' from generate_series(1, 1001)")
            .execute());

    assertThat(result(records.forget(Duration.ofDays(365)))).isEqualTo(AuditRecords.BATCH);
    assertThat(result(records.forget(Duration.ofDays(365)))).isEqualTo(1);
    assertThat(result(records.forget(Duration.ofDays(365)))).isZero();
  }
}
