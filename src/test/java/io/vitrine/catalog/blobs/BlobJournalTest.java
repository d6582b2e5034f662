package io.vitrine.catalog.blobs;

import static io.vitrine.catalog.TestingCatalog.ADMIN;
import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.BOB;
import static io.vitrine.catalog.TestingCatalog.DIGESTS;
import static io.vitrine.catalog.TestingCatalog.FORBIDDEN;
import static io.vitrine.catalog.TestingCatalog.IMAGE_PLAN;
import static io.vitrine.catalog.TestingCatalog.PERMITTED;
import static io.vitrine.catalog.TestingCatalog.STAGED;
import static io.vitrine.catalog.TestingCatalog.STAGING_PLAN;
import static io.vitrine.catalog.TestingCatalog.STORE;
import static io.vitrine.catalog.TestingCatalog.begun;
import static io.vitrine.catalog.TestingCatalog.holder;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.problem;
import static io.vitrine.catalog.TestingCatalog.result;
import static io.vitrine.catalog.TestingCatalog.unlimited;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.catalog.sql.Leaseholder;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Visibility;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.Location;
import io.vitrine.image.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestingCatalog.class)
class BlobJournalTest {
  private final Pool pool;
  private final Leaseholder holder = holder(Duration.ofMinutes(1));
  private final ImageCatalog catalog;
  private final ImageLocations locations;
  private final BlobJournal journal;
  private final UnwantedBlobs unwanted;
  private final BlobJournal other;

  BlobJournalTest(Pool pool) {
    this.pool = pool;
    this.catalog = new ImageCatalog(pool);
    this.locations = new ImageLocations(pool);
    this.unwanted = new UnwantedBlobs(pool);
    this.journal = new BlobJournal(pool, holder, unlimited(pool));
    this.other = new BlobJournal(pool, holder(Duration.ofMinutes(1)), unlimited(pool));
  }

  private Image create() throws Exception {
    return result(catalog.create(image()));
  }

  private Image get(ImageId id) throws Exception {
    return result(catalog.get(id, ADMIN));
  }

  private BlobRef begin(ImageId id) throws Exception {
    return result(journal.beginUpload(id, ALICE, PERMITTED, IMAGE_PLAN)).blob();
  }

  private Future<Void> commit(BlobRef blob) {
    return journal.commitUpload(begun(blob), 7, DIGESTS, Optional.of(70L));
  }

  private void loseLease(BlobRef blob) throws Exception {
    result(
        pool.preparedQuery("update blobs set leased_until = now() - interval '1 s' where id = $1")
            .execute(Tuple.of(blob.id())));
  }

  @Test
  void makesTheImageActiveTogetherWithItsBlob() throws Exception {
    var id = create().id();

    var blob = begin(id);
    assertThat(get(id).status()).isEqualTo(ImageStatus.SAVING);
    assertThat(result(locations.of(id))).isEmpty();
    result(commit(blob));

    var image = get(id);
    assertThat(image.status()).isEqualTo(ImageStatus.ACTIVE);
    assertThat(image.size()).isEqualTo(7);
    assertThat(image.virtualSize()).isEqualTo(70);
    assertThat(image.digests()).isEqualTo(DIGESTS);
    assertThat(image.stores()).containsExactly(STORE);
    assertThat(result(locations.of(id))).extracting(Location::blob).containsExactly(blob);
    assertThat(result(unwanted.page(10))).isEmpty();
  }

  @Test
  void queuesTheImageAgainWhenItsUploadIsGivenUp() throws Exception {
    var id = create().id();
    var blob = begin(id);

    result(journal.abort(blob));

    assertThat(get(id).status()).isEqualTo(ImageStatus.QUEUED);
    assertThat(result(unwanted.page(10))).containsExactly(blob);
    result(unwanted.forget(blob));
    assertThat(result(unwanted.page(10))).isEmpty();
    result(commit(begin(id)));
  }

  @Test
  void keepsWhatIsCommitted() throws Exception {
    var id = create().id();
    var blob = begin(id);
    result(commit(blob));

    result(journal.abort(blob));
    result(unwanted.forget(blob));

    assertThat(get(id).status()).isEqualTo(ImageStatus.ACTIVE);
    assertThat(result(locations.of(id))).extracting(Location::blob).containsExactly(blob);
    assertThat(result(unwanted.page(10))).isEmpty();
  }

  @Test
  void leavesTheNextUploadAloneWhenALostOneIsGivenUp() throws Exception {
    var id = create().id();
    var lost = begin(id);
    loseLease(lost);
    result(unwanted.abandonLost());
    var next = result(other.beginUpload(id, ALICE, PERMITTED, IMAGE_PLAN)).blob();

    result(journal.abort(lost));

    assertThat(get(id).status()).isEqualTo(ImageStatus.SAVING);
    result(other.commitUpload(begun(next), 7, DIGESTS, Optional.empty()));
    assertThat(result(locations.of(id))).extracting(Location::blob).containsExactly(next);
  }

  @Test
  void abandonsOnlyWhatNobodyHolds() throws Exception {
    var lost = begin(create().id());
    var held = begin(create().id());
    loseLease(lost);

    result(unwanted.abandonLost());

    assertThat(get(lost.image()).status()).isEqualTo(ImageStatus.QUEUED);
    assertThat(get(held.image()).status()).isEqualTo(ImageStatus.SAVING);
    assertThat(result(unwanted.page(10))).containsExactly(lost);
    assertThat(problem(commit(lost))).isInstanceOf(Problem.Gone.class);
    result(commit(held));
  }

  @Test
  void keepsALeaseThatIsRenewed() throws Exception {
    var blob = begin(create().id());
    loseLease(blob);

    result(holder.renew(pool));
    result(unwanted.abandonLost());

    result(commit(blob));
  }

  @Test
  void letsOneOfManyBegin() throws Exception {
    var id = create().id();
    var attempts = new ArrayList<Future<BlobJournal.Begun>>();

    for (int i = 0; i < 8; i++) {
      attempts.add((i % 2 == 0 ? journal : other).beginUpload(id, ALICE, PERMITTED, IMAGE_PLAN));
      attempts.add(other.beginStaging(id, ALICE, PERMITTED, STAGING_PLAN));
    }
    var failures = 0;
    for (var attempt : attempts) {
      if (result(attempt.transform(end -> Future.succeededFuture(end.failed())))) {
        failures++;
        assertThat(problem(attempt)).isInstanceOf(Problem.Conflict.class);
      }
    }

    assertThat(failures).isEqualTo(attempts.size() - 1);
  }

  @Test
  void cannotCommitForAnImageThatIsGone() throws Exception {
    var id = create().id();
    var blob = begin(id);

    var doomed = result(catalog.delete(id, ALICE, PERMITTED));

    assertThat(doomed.blobs()).containsExactly(blob.id());
    assertThat(problem(commit(blob))).isInstanceOf(Problem.Gone.class);
    assertThat(result(locations.of(id))).isEmpty();
  }

  @Test
  void doesNotOfferWhatIsStillBeingWritten() throws Exception {
    var id = create().id();
    var blob = begin(id);
    result(catalog.delete(id, ALICE, PERMITTED));

    assertThat(result(unwanted.page(10))).isEmpty();
    result(journal.abort(blob));

    assertThat(result(unwanted.page(10))).containsExactly(blob);
  }

  @Test
  void stagesOnlyOnce() throws Exception {
    var id = create().id();

    var blob = result(journal.beginStaging(id, ALICE, PERMITTED, STAGING_PLAN)).blob();
    result(journal.commitStaging(begun(blob), 9, Optional.of(STAGED)));

    assertThat(get(id).status()).isEqualTo(ImageStatus.UPLOADING);
    assertThat(get(id).size()).isEqualTo(9);
    assertThat(problem(journal.beginStaging(id, ALICE, PERMITTED, STAGING_PLAN)))
        .isInstanceOf(Problem.Conflict.class);
    assertThat(problem(journal.beginUpload(id, ALICE, PERMITTED, IMAGE_PLAN)))
        .isInstanceOf(Problem.Conflict.class);
    assertThat(result(locations.of(id))).isEmpty();
  }

  @Test
  void refusesWhoMayNotWrite() throws Exception {
    var open = result(catalog.create(image(ImageStatus.QUEUED, Visibility.PUBLIC, "a"))).id();
    var secret = create().id();

    assertThat(problem(journal.beginUpload(open, BOB, FORBIDDEN, IMAGE_PLAN)))
        .isInstanceOf(Problem.Forbidden.class);
    assertThat(problem(journal.beginUpload(secret, BOB, PERMITTED, IMAGE_PLAN)))
        .isInstanceOf(Problem.NotFound.class);
    assertThat(List.of(get(open).status(), get(secret).status())).containsOnly(ImageStatus.QUEUED);
  }

  @Test
  void keepsTheDataOfADeletedImageUntilItIsScrubbed() throws Exception {
    var delaying = new ImageCatalog(pool, true);
    var id = result(catalog.create(image())).id();
    var blob = result(journal.beginUpload(id, ALICE, PERMITTED, IMAGE_PLAN)).blob();
    result(journal.commitUpload(begun(blob), 5, DIGESTS, Optional.empty()));

    result(delaying.delete(id, ALICE, PERMITTED));
    result(unwanted.giveUpDeleted(Duration.ofHours(1)));

    assertThat(problem(catalog.get(id, ADMIN))).isInstanceOf(Problem.NotFound.class);
    assertThat(result(unwanted.page(10))).isEmpty();

    result(unwanted.giveUpDeleted(Duration.ZERO));

    assertThat(result(unwanted.page(10))).containsExactly(blob);
  }
}
