package io.vitrine.catalog.blobs;

import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.BOB;
import static io.vitrine.catalog.TestingCatalog.DIGESTS;
import static io.vitrine.catalog.TestingCatalog.FORBIDDEN;
import static io.vitrine.catalog.TestingCatalog.IMAGE_PLAN;
import static io.vitrine.catalog.TestingCatalog.PERMITTED;
import static io.vitrine.catalog.TestingCatalog.STAGED;
import static io.vitrine.catalog.TestingCatalog.STAGING_PLAN;
import static io.vitrine.catalog.TestingCatalog.holder;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.problem;
import static io.vitrine.catalog.TestingCatalog.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vitrine.image.Caller;
import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Permit;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.Problem;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadJournalTest extends TestingJournals {
  UploadJournalTest(Pool pool) {
    super(pool);
  }

  /** An upload of ten bytes, leased to the request that created it. */
  private UploadLease create() throws Exception {
    var begun = result(blobs.beginUpload(createImage(), ALICE, PERMITTED, IMAGE_PLAN));
    return result(journal.create(begun, Optional.of(10L), Optional.of("kind ZmlsZQ=="), List.of()));
  }

  private static UploadRequest request(Caller caller, Permit permit, long offset) {
    return new UploadRequest(
        caller, purpose -> permit, offset, Optional.of(10 - offset), Optional.empty());
  }

  private static UploadRequest at(long offset) {
    return request(ALICE, PERMITTED, offset);
  }

  private void silence(UploadLease lease) throws Exception {
    result(
        pool.preparedQuery("update uploads set leased_until = now() where id = $1")
            .execute(Tuple.of(lease.id())));
  }

  private void age(UploadLease lease) throws Exception {
    result(
        pool.preparedQuery("update uploads set expires_at = now() where id = $1")
            .execute(Tuple.of(lease.id())));
  }

  private UploadEndings.Complete complete() {
    return new UploadEndings.Complete(10, Optional.of(DIGESTS), Optional.of(70L));
  }

  @Test
  void passesTheLeaseFromRequestToRequest() throws Exception {
    var first = create();
    assertThat(first.turn()).isEqualTo(1);
    assertThat(problem(journal.lease(first.id(), at(0)))).isInstanceOf(Problem.Locked.class);

    var rests = result(journal.leave(first, 4));
    assertThat(rests.received()).isEqualTo(4);
    assertThat(problem(journal.lease(first.id(), at(3)))).isInstanceOf(Problem.Conflict.class);
    var second = result(journal.lease(first.id(), at(4)));

    assertThat(second.turn()).isEqualTo(2);
    assertThat(second.upload().length()).contains(10L);
    assertThat(second.upload().metadata()).contains("kind ZmlsZQ==");
    assertThat(problem(journal.renew(first, 5))).isInstanceOf(Problem.Conflict.class);
    assertThat(problem(journal.leave(first, 5))).isInstanceOf(Problem.Conflict.class);
    assertThat(problem(journal.requireHeld(first))).isInstanceOf(Problem.Conflict.class);
    result(journal.requireHeld(second));
  }

  @Test
  void passesTheLeaseOfASilentRequest() throws Exception {
    var silent = create();
    result(journal.renew(silent, 6));
    silence(silent);

    var next = result(journal.lease(silent.id(), at(6)));

    assertThat(problem(journal.renew(silent, 7))).isInstanceOf(Problem.Conflict.class);
    assertThat(problem(endings.complete(silent, ALICE, PERMITTED, complete())))
        .isInstanceOf(Problem.Conflict.class);
    result(journal.renew(next, 7));
    assertThat(result(journal.find(next.id(), ALICE, any -> PERMITTED)).received()).isEqualTo(7);
  }

  /** A client must not begin anew because of that. */
  @Test
  void tellsARequestWhoseTurnWasEndedThatTheUploadGoesOn() throws Exception {
    var lease = create();
    result(new UploadStates(pool, CONFIG).endTurn(lease.id()));

    assertThat(problem(journal.renew(lease, 5))).isInstanceOf(Problem.Conflict.class);
    assertThat(problem(journal.leave(lease, 5))).isInstanceOf(Problem.Conflict.class);
    assertThat(problem(endings.complete(lease, ALICE, PERMITTED, complete())))
        .isInstanceOf(Problem.Conflict.class);
    var next = result(journal.lease(lease.id(), at(0)));
    result(endings.complete(next, ALICE, PERMITTED, complete()));
  }

  @Test
  void letsOnlyTheHolderOfTheLeaseGiveUp() throws Exception {
    var first = create();
    result(journal.leave(first, 4));
    var second = result(journal.lease(first.id(), at(4)));

    assertThat(problem(endings.giveUp(first))).isInstanceOf(Problem.Conflict.class);
    result(journal.renew(second, 6));
    result(endings.giveUp(second));

    assertThat(problem(journal.renew(second, 7))).isInstanceOf(Problem.Gone.class);
    assertThat(status(first.upload().blob().image())).isEqualTo(ImageStatus.QUEUED);
  }

  @Test
  void tellsARequestThatItsUploadHasEnded() throws Exception {
    var lease = create();
    result(endings.giveUp(lease.upload().blob()));

    assertThat(problem(journal.renew(lease, 5))).isInstanceOf(Problem.Gone.class);
    assertThat(problem(journal.leave(lease, 5))).isInstanceOf(Problem.Gone.class);
    assertThat(problem(endings.complete(lease, ALICE, PERMITTED, complete())))
        .isInstanceOf(Problem.Gone.class);
  }

  /** Otherwise a client would take the upload for complete. */
  @Test
  void doesNotCountTheLastByteBeforeTheDataIsStored() throws Exception {
    var lease = create();
    result(journal.leave(lease, 10));

    assertThat(result(journal.find(lease.id(), ALICE, any -> PERMITTED)).received()).isEqualTo(9);
    var last = result(journal.lease(lease.id(), at(9)));
    result(endings.complete(last, ALICE, PERMITTED, complete()));

    assertThat(result(journal.find(lease.id(), ALICE, any -> PERMITTED)).received()).isEqualTo(10);
    assertThat(status(lease.upload().blob().image())).isEqualTo(ImageStatus.ACTIVE);
    assertThat(problem(journal.lease(lease.id(), at(10)))).isInstanceOf(Problem.Conflict.class);
  }

  @Test
  void completesOnceHoweverOftenItIsAsked() throws Exception {
    var lease = create();

    result(endings.complete(lease, ALICE, PERMITTED, complete()));
    result(endings.complete(lease, ALICE, PERMITTED, complete()));

    var stored = result(catalog.get(lease.upload().blob().image(), ALICE));
    assertThat(stored.size()).isEqualTo(10);
    assertThat(stored.virtualSize()).isEqualTo(70);
    assertThat(stored.digests()).isEqualTo(DIGESTS);
  }

  @Test
  void stagesData() throws Exception {
    var image = result(catalog.create(image()));
    var begun = result(blobs.beginStaging(image.id(), ALICE, PERMITTED, STAGING_PLAN));
    var lease = result(journal.create(begun, Optional.empty(), Optional.empty(), List.of()));

    result(
        endings.complete(
            lease,
            ALICE,
            PERMITTED,
            new UploadEndings.Complete(10, Optional.of(STAGED), Optional.empty())));

    assertThat(status(image.id())).isEqualTo(ImageStatus.UPLOADING);
    assertThat(result(catalog.get(image.id(), ALICE)).size()).isEqualTo(10);
  }

  @Test
  void keepsDeclaredDigests() throws Exception {
    var digests = List.of(new HashClaim(HashAlgorithm.MD5, "0f".repeat(16)));
    var image = result(catalog.create(image()));
    var begun = result(blobs.beginUpload(image.id(), ALICE, PERMITTED, IMAGE_PLAN));
    var lease = result(journal.create(begun, Optional.of(10L), Optional.empty(), digests));
    result(journal.leave(lease, 0));

    var same = journal.findUntouched(image.id(), plan(10), Optional.empty(), digests);
    assertThat(result(same)).map(found -> found.blob().id()).contains(lease.id());
    var other = journal.findUntouched(image.id(), plan(10), Optional.empty(), List.of());
    assertThat(result(other)).isEmpty();
    assertThat(result(journal.lease(lease.id(), at(0))).upload().digests()).isEqualTo(digests);
  }

  /** It knows the digests from the metadata, and the column not. */
  @Test
  void knowsTheDigestsOfUploadsThatTheVersionBeforeBegan() throws Exception {
    var digests = List.of(new HashClaim(HashAlgorithm.MD5, "0f".repeat(16)));
    var metadata = DigestMetadata.of(digests);
    var image = result(catalog.create(image()));
    var begun = result(blobs.beginUpload(image.id(), ALICE, PERMITTED, IMAGE_PLAN));
    var lease = result(journal.create(begun, Optional.of(10L), metadata, List.of()));
    result(journal.leave(lease, 0));
    result(
        pool.preparedQuery("update uploads set digests = null where id = $1")
            .execute(Tuple.of(lease.id())));

    assertThat(result(journal.findUntouched(image.id(), plan(10), metadata, digests))).isPresent();
    assertThat(result(journal.lease(lease.id(), at(0))).upload().digests()).isEqualTo(digests);
  }

  @Test
  void asksForTheRightAgainAtTheEnd() throws Exception {
    var lease = create();

    assertThat(problem(endings.complete(lease, ALICE, FORBIDDEN, complete())))
        .isInstanceOf(Problem.Forbidden.class);
    assertThat(status(lease.upload().blob().image())).isEqualTo(ImageStatus.SAVING);
  }

  @Test
  void showsUploadsOnlyToThoseWhoMayGoOn() throws Exception {
    var lease = create();
    result(journal.leave(lease, 4));

    assertThat(problem(journal.find(lease.id(), BOB, any -> PERMITTED)))
        .isInstanceOf(Problem.NotFound.class);
    assertThat(problem(journal.find(lease.id(), ALICE, any -> FORBIDDEN)))
        .isInstanceOf(Problem.Forbidden.class);
    assertThat(problem(journal.lease(lease.id(), request(BOB, PERMITTED, 4))))
        .isInstanceOf(Problem.NotFound.class);
    assertThat(problem(journal.lease(lease.id(), request(ALICE, FORBIDDEN, 4))))
        .isInstanceOf(Problem.Forbidden.class);
  }

  /** As the process that began it may be gone, and those of a version that knows no uploads. */
  @Test
  void outlivesTheProcess() throws Exception {
    var lease = create();
    result(journal.leave(lease, 4));
    silence(lease);

    result(holder(LONG).outliveOthers(pool));
    result(unwanted.abandonLost());

    assertThat(result(unwanted.page(10))).isEmpty();
    assertThat(process.held()).isEmpty();
    assertThat(result(journal.lease(lease.id(), at(4))).turn()).isEqualTo(2);
  }

  @Test
  void expires() throws Exception {
    var lease = create();
    result(journal.leave(lease, 4));
    var blob = lease.upload().blob();
    result(endings.expire());
    assertThat(status(blob.image())).isEqualTo(ImageStatus.SAVING);
    age(lease);

    assertThat(problem(journal.find(lease.id(), ALICE, any -> PERMITTED)))
        .isInstanceOf(Problem.Gone.class);
    assertThat(problem(journal.lease(lease.id(), at(4)))).isInstanceOf(Problem.Gone.class);
    result(endings.expire());

    assertThat(status(blob.image())).isEqualTo(ImageStatus.QUEUED);
    assertThat(result(unwanted.page(10))).containsExactly(blob);
    result(unwanted.forget(blob));
    assertThat(rows()).isZero();
  }

  @Test
  void doesNotExpireUnderARequest() throws Exception {
    var lease = create();
    age(lease);

    result(endings.expire());

    assertThat(status(lease.upload().blob().image())).isEqualTo(ImageStatus.SAVING);
    result(endings.complete(lease, ALICE, PERMITTED, complete()));
  }

  @Test
  void forgetsACompleteUploadInTime() throws Exception {
    var lease = create();
    result(endings.complete(lease, ALICE, PERMITTED, complete()));
    result(endings.expire());
    assertThat(rows()).isEqualTo(1);
    age(lease);

    result(endings.expire());

    assertThat(rows()).isZero();
    assertThat(status(lease.upload().blob().image())).isEqualTo(ImageStatus.ACTIVE);
    assertThat(result(unwanted.page(10))).isEmpty();
  }

  private int rows() throws Exception {
    return result(pool.query("select from uploads").execute()).size();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isGivenUp(boolean isComplete) throws Exception {
    var lease = create();
    if (isComplete) {
      result(endings.complete(lease, ALICE, PERMITTED, complete()));
    }

    result(endings.giveUp(lease.upload().blob()));

    assertThat(problem(journal.find(lease.id(), ALICE, any -> PERMITTED)))
        .isInstanceOf(Problem.NotFound.class);
    assertThat(status(lease.upload().blob().image()))
        .isEqualTo(isComplete ? ImageStatus.ACTIVE : ImageStatus.QUEUED);
    assertThat(result(unwanted.page(10))).hasSize(isComplete ? 0 : 1);
  }
}
