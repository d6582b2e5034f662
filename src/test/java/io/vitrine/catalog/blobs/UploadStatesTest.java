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
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.image.problem.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestingCatalog.class)
class UploadStatesTest {
  private static final UploadsConfig CONFIG =
      new UploadsConfig(Duration.ofHours(2), Duration.ofHours(1));

  private final ImageCatalog catalog;
  private final BlobJournal blobs;
  private final UploadJournal journal;
  private final UploadEndings endings;
  private final UploadStates states;

  UploadStatesTest(Pool pool) {
    var process = holder(Duration.ofHours(1));
    this.catalog = new ImageCatalog(pool);
    this.blobs = new BlobJournal(pool, process, unlimited(pool));
    this.journal = new UploadJournal(pool, process, unlimited(pool), CONFIG);
    this.endings = new UploadEndings(pool, process, blobs);
    this.states = new UploadStates(pool, CONFIG);
  }

  private UploadLease create() throws Exception {
    var image = result(catalog.create(image()));
    var begun = result(blobs.beginUpload(image.id(), ALICE, PERMITTED, IMAGE_PLAN));
    return result(journal.create(begun, Optional.of(10L), Optional.empty(), List.of()));
  }

  private UploadStates.State state(UploadLease lease) throws Exception {
    return result(states.find(lease.id(), ALICE, any -> PERMITTED));
  }

  @Test
  void countsAllThatIsDurable() throws Exception {
    var lease = create();
    assertThat(state(lease).isLeased()).isTrue();
    result(journal.leave(lease, 10));

    var all = state(lease);
    assertThat(all.upload().received()).isEqualTo(10);
    assertThat(all.isComplete()).isFalse();
    assertThat(all.isLeased()).isFalse();
    var last =
        result(
            journal.lease(
                lease.id(),
                new UploadRequest(ALICE, any -> PERMITTED, 10, Optional.of(0L), Optional.of(10L))));
    assertThat(last.upload().received()).isEqualTo(10);
    result(
        endings.complete(
            last,
            ALICE,
            PERMITTED,
            new UploadEndings.Complete(10, Optional.of(DIGESTS), Optional.empty())));

    assertThat(state(lease).isComplete()).isTrue();
    assertThat(state(lease).upload().received()).isEqualTo(10);
  }

  @Test
  void endsTheTurnOfARequestAtWork() throws Exception {
    var lease = create();
    result(journal.renew(lease, 4));

    result(states.endTurn(lease.id()));

    assertThat(state(lease).isLeased()).isFalse();
    assertThat(problem(journal.renew(lease, 6))).isInstanceOf(Problem.Conflict.class);
    assertThat(problem(journal.leave(lease, 6))).isInstanceOf(Problem.Conflict.class);
    assertThat(state(lease).upload().received()).isEqualTo(4);
    result(states.endTurn(lease.id()));
  }

  @Test
  void listsTheUploadsThatAreNotComplete() throws Exception {
    var lease = create();
    var image = lease.upload().blob().image();
    result(journal.renew(lease, 4));

    var open = result(states.list(image, ALICE, any -> PERMITTED));
    assertThat(open).hasSize(1);
    assertThat(open.getFirst().upload().blob()).isEqualTo(lease.upload().blob());
    assertThat(open.getFirst().upload().received()).isEqualTo(4);
    assertThat(open.getFirst().isLeased()).isTrue();
    assertThat(problem(states.list(image, BOB, any -> PERMITTED)))
        .isInstanceOf(Problem.NotFound.class);
    assertThat(problem(states.list(image, ALICE, any -> FORBIDDEN)))
        .isInstanceOf(Problem.Forbidden.class);

    result(endings.giveUp(lease.upload().blob()));
    assertThat(result(states.list(image, ALICE, any -> PERMITTED))).isEmpty();
  }

  @Test
  void showsUploadsOnlyToThoseWhoMayGoOn() throws Exception {
    var lease = create();

    assertThat(problem(states.find(lease.id(), BOB, any -> PERMITTED)))
        .isInstanceOf(Problem.NotFound.class);
    assertThat(problem(states.find(lease.id(), ALICE, any -> FORBIDDEN)))
        .isInstanceOf(Problem.Forbidden.class);
    assertThat(problem(states.find(new UUID(0, 0), ALICE, any -> PERMITTED)))
        .isInstanceOf(Problem.NotFound.class);
  }
}
