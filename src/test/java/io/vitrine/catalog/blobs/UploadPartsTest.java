package io.vitrine.catalog.blobs;

import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.BOB;
import static io.vitrine.catalog.TestingCatalog.DIGESTS;
import static io.vitrine.catalog.TestingCatalog.FORBIDDEN;
import static io.vitrine.catalog.TestingCatalog.IMAGE_PLAN;
import static io.vitrine.catalog.TestingCatalog.PERMITTED;
import static io.vitrine.catalog.TestingCatalog.holder;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.problem;
import static io.vitrine.catalog.TestingCatalog.result;
import static io.vitrine.catalog.TestingCatalog.unlimited;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UploadPartsTest extends TestingJournals {
  private final UploadParts parts;

  UploadPartsTest(Pool pool) {
    super(pool);
    this.parts = new UploadParts(pool, unlimited(pool), blobs, journal);
  }

  private static NewPart part(long length) {
    return new NewPart(ALICE, PERMITTED, plan(length), Optional.of("a Yg=="));
  }

  private Upload complete(ImageId image, long length) throws Exception {
    return result(journal.leave(result(parts.create(image, part(length))), length));
  }

  private static List<UUID> ids(Upload... uploads) {
    return List.of(uploads).stream().map(each -> each.blob().id()).toList();
  }

  private static UploadRequest at(long offset, long bytes) {
    return new UploadRequest(
        ALICE, purpose -> PERMITTED, offset, Optional.of(bytes), Optional.empty());
  }

  private static Upload whole(BlobRef blob, String concat) {
    return new Upload(
        blob,
        Optional.of(15L),
        15,
        Optional.of("c ZA=="),
        Instant.MAX,
        Optional.of(concat),
        List.of());
  }

  private static UploadEndings.Complete complete() {
    return new UploadEndings.Complete(15, Optional.of(DIGESTS), Optional.empty());
  }

  @Test
  void beginsPartsOfAnImageThatHasNoData() throws Exception {
    var image = createImage();

    var first = result(parts.create(image, part(10)));
    var second = result(parts.create(image, part(5)));

    assertThat(status(image)).isEqualTo(ImageStatus.QUEUED);
    assertThat(first.turn()).isEqualTo(1);
    assertThat(process.held()).isEmpty();
    assertThat(first.upload().isPart()).isTrue();
    assertThat(problem(journal.lease(second.id(), at(0, 5)))).isInstanceOf(Problem.Locked.class);
    result(holder(LONG).outliveOthers(pool));
    result(unwanted.abandonLost());
    assertThat(result(unwanted.page(10))).isEmpty();
  }

  @Test
  void asksForTheRight() throws Exception {
    var image = createImage();
    var plan = part(1).plan();

    assertThat(problem(parts.create(image, new NewPart(BOB, PERMITTED, plan, Optional.empty()))))
        .isInstanceOf(Problem.NotFound.class);
    assertThat(problem(parts.create(image, new NewPart(ALICE, FORBIDDEN, plan, Optional.empty()))))
        .isInstanceOf(Problem.Forbidden.class);
    assertThat(problem(parts.joined(image, List.of(), BOB, PERMITTED)))
        .isInstanceOf(Problem.NotFound.class);
    assertThat(problem(parts.joined(image, List.of(), ALICE, FORBIDDEN)))
        .isInstanceOf(Problem.Forbidden.class);
  }

  @Test
  void beginsNoPartOfAnImageThatGetsData() throws Exception {
    var image = createImage();
    result(blobs.beginUpload(image, ALICE, PERMITTED, IMAGE_PLAN));

    assertThat(problem(parts.create(image, part(1)))).isInstanceOf(Problem.Conflict.class);
  }

  /** Its store has them, as no answer waits for the end of a part. */
  @Test
  void countsAllBytesOfAPart() throws Exception {
    var image = createImage();
    var lease = result(parts.create(image, part(10)));
    result(journal.leave(lease, 9));
    assertThat(problem(parts.find(image, List.of(lease.id()))))
        .isInstanceOf(Problem.Conflict.class);

    var last = result(journal.lease(lease.id(), at(9, 1)));
    result(journal.renew(last, 10));
    assertThat(problem(parts.find(image, List.of(lease.id())))).isInstanceOf(Problem.Locked.class);
    result(journal.leave(last, 10));

    assertThat(result(parts.find(image, List.of(lease.id()))))
        .singleElement()
        .returns(10L, Upload::received);
    assertThat(problem(journal.lease(lease.id(), at(10, 0)))).isInstanceOf(Problem.Conflict.class);
  }

  @Test
  void findsPartsInTheOrderOfTheClient() throws Exception {
    var image = createImage();
    var first = complete(image, 10);
    var second = complete(image, 5);

    assertThat(result(parts.find(image, ids(second, first))))
        .extracting(Upload::received)
        .containsExactly(5L, 10L);
    assertThat(problem(parts.find(createImage(), ids(first)))).isInstanceOf(Problem.Invalid.class);
  }

  @Test
  void givesPartsUpWithTheCommit() throws Exception {
    var image = createImage();
    var all = List.of(complete(image, 10), complete(image, 5));
    var begun = result(blobs.beginUpload(image, ALICE, PERMITTED, IMAGE_PLAN));
    var upload = whole(begun.blob(), "final;a b");

    result(parts.commit(begun, upload, all, complete()));
    result(parts.commit(begun, upload, all, complete()));

    assertThat(status(image)).isEqualTo(ImageStatus.ACTIVE);
    assertThat(result(unwanted.page(10)))
        .containsExactlyInAnyOrder(all.getFirst().blob(), all.getLast().blob());
    var ids = ids(all.getFirst(), all.getLast());
    assertThat(result(parts.joined(image, ids, ALICE, PERMITTED)))
        .hasValueSatisfying(
            joined ->
                assertThat(joined)
                    .returns(upload.concat(), Upload::concat)
                    .returns(15L, Upload::received));
    assertThat(result(parts.joined(image, ids.reversed(), ALICE, PERMITTED))).isEmpty();
    assertThat(result(parts.findJoined(ids.getLast(), ALICE, any -> PERMITTED)).received())
        .isEqualTo(5);
    assertThat(problem(parts.findJoined(ids.getLast(), BOB, any -> PERMITTED)))
        .isInstanceOf(Problem.NotFound.class);
    assertThat(problem(journal.lease(begun.blob().id(), at(15, 0))))
        .isInstanceOf(Problem.Forbidden.class);
    assertThat(problem(parts.find(image, ids(all.getFirst())))).isInstanceOf(Problem.Invalid.class);
  }

  @Test
  void commitsNothingWithoutAPart() throws Exception {
    var image = createImage();
    var all = List.of(complete(image, 10), complete(image, 5));
    var begun = result(blobs.beginUpload(image, ALICE, PERMITTED, IMAGE_PLAN));
    result(endings.giveUp(all.getFirst().blob()));
    assertThat(status(image)).isEqualTo(ImageStatus.SAVING);

    assertThat(problem(parts.commit(begun, whole(begun.blob(), "final;a b"), all, complete())))
        .isInstanceOf(Problem.Gone.class);
    result(blobs.abort(begun.blob()));

    assertThat(status(image)).isEqualTo(ImageStatus.QUEUED);
    assertThat(result(parts.find(image, ids(all.getLast())))).hasSize(1);
  }

  @Test
  void expiresWithoutEffectOnTheImage() throws Exception {
    var image = createImage();
    var rests = complete(image, 10);
    var used = complete(image, 5);
    result(blobs.beginUpload(image, ALICE, PERMITTED, IMAGE_PLAN));
    result(pool.query("update uploads set expires_at = now()").execute());
    result(parts.touch(List.of(used)));

    result(endings.expire());

    assertThat(result(unwanted.page(10))).containsExactly(rests.blob());
    assertThat(status(image)).isEqualTo(ImageStatus.SAVING);
  }

  /** Such as those whose answer a client has not got, so that it has sent them again. */
  @Test
  void endsPartsThatNobodyCanJoinAnyMore() throws Exception {
    var image = createImage();
    var used = complete(image, 15);
    var lost = complete(image, 15);
    var sending = result(parts.create(image, part(15)));
    var begun = result(blobs.beginUpload(image, ALICE, PERMITTED, IMAGE_PLAN));
    result(endings.expire());
    assertThat(result(unwanted.page(10))).isEmpty();
    result(parts.commit(begun, whole(begun.blob(), "final;a"), List.of(used), complete()));

    result(endings.expire());
    assertThat(result(unwanted.page(10))).containsExactlyInAnyOrder(used.blob(), lost.blob());
    result(journal.leave(sending, 1));
    result(endings.expire());

    assertThat(result(unwanted.page(10))).hasSize(3);
    assertThat(status(image)).isEqualTo(ImageStatus.ACTIVE);
  }

  /** That process knows neither the column nor parts. */
  @Test
  void isNotCompletedByAProcessOfTheVersionBefore() throws Exception {
    var image = createImage();
    var lease = result(parts.create(image, part(10)));

    assertThat(problem(endings.complete(lease, ALICE, PERMITTED, complete())))
        .isInstanceOf(Problem.Gone.class);

    assertThat(status(image)).isEqualTo(ImageStatus.QUEUED);
    assertThat(
            result(
                    pool.preparedQuery("select state from blobs where id = $1")
                        .execute(Tuple.of(lease.id())))
                .iterator()
                .next()
                .getString("state"))
        .isEqualTo("writing");
  }
}
