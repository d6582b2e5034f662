package io.vitrine.catalog;

import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.DIGESTS;
import static io.vitrine.catalog.TestingCatalog.IMAGE_PLAN;
import static io.vitrine.catalog.TestingCatalog.PERMITTED;
import static io.vitrine.catalog.TestingCatalog.SEAL;
import static io.vitrine.catalog.TestingCatalog.STAGING_PLAN;
import static io.vitrine.catalog.TestingCatalog.STORE;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.result;
import static io.vitrine.catalog.TestingCatalog.stored;
import static io.vitrine.catalog.TestingCatalog.unlimited;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.blobs.BlobPlan;
import io.vitrine.catalog.blobs.UnwantedBlobs;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.sql.IdempotencyKeys;
import io.vitrine.catalog.sql.Leaseholder;
import io.vitrine.catalog.tasks.ImportCheckpoints;
import io.vitrine.catalog.tasks.ImportOutcome;
import io.vitrine.catalog.tasks.ImportRequests;
import io.vitrine.catalog.tasks.PgImportCheckpoints;
import io.vitrine.catalog.tasks.PgTaskEnd;
import io.vitrine.catalog.tasks.TaskEnd;
import io.vitrine.catalog.tasks.TaskOrigin;
import io.vitrine.catalog.tasks.TaskQueue;
import io.vitrine.catalog.tasks.TaskSelection;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportPlan;
import io.vitrine.image.task.ImportTask;
import io.vitrine.net.address.Url;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Images are deleted while their uploads and imports end: either of the two is too late, but never
 * does the database have to end one of them because they wait for each other.
 */
@ExtendWith(TestingCatalog.class)
class LockOrderTest {
  private static final Duration TTL = Duration.ofMinutes(1);
  private static final int ROUNDS = 3;
  private static final int IMAGES = 32;

  private final Pool pool;
  private final ImageCatalog catalog;
  private final Leaseholder holder = TestingCatalog.holder(TTL);
  private final BlobJournal journal;
  private final UnwantedBlobs unwanted;
  private final TaskQueue queue;
  private final ImportCheckpoints checkpoints;
  private final TaskEnd end;
  private final ImportRequests requests;

  LockOrderTest(Pool pool) {
    this.pool = pool;
    this.catalog = new ImageCatalog(pool);
    this.unwanted = new UnwantedBlobs(pool);
    this.journal = new BlobJournal(pool, holder, unlimited(pool));
    this.queue = new TaskQueue(pool, holder, TTL, SEAL);
    this.checkpoints = new PgImportCheckpoints(pool, queue, journal, Outbox.OFF);
    this.end = new PgTaskEnd(pool, queue, Outbox.OFF);
    this.requests = new ImportRequests(pool, unlimited(pool), new IdempotencyKeys(pool, TTL), SEAL);
  }

  /** What may meet the deletion of the image. */
  private record Work(ImageId image, Future<?> done) {}

  private interface Step<T> {
    Future<?> of(T started);
  }

  private BlobJournal.Begun upload() throws Exception {
    var id = result(catalog.create(image())).id();
    return result(journal.beginUpload(id, ALICE, PERMITTED, IMAGE_PLAN));
  }

  /** An import that is under way, and the blob that it writes. */
  private record Import(ImportTask task, BlobRef blob) {}

  private Import importing(BlobPlan plan) throws Exception {
    var id = result(catalog.create(image())).id();
    var web = new ImportMethod.WebDownload(Url.parse("http://example.org/image"), Optional.empty());
    var order = new ImportPlan(web, List.of(STORE), true);
    result(
        requests.submit(
            id,
            order,
            new ImportRequests.Submission(
                ALICE, new TaskOrigin("req-1", Optional.empty()), Optional.empty())));
    var task = (ImportTask) result(queue.lease(TaskSelection.but(Set.of()))).orElseThrow();
    return new Import(task, result(journal.beginForImport(task.image(), plan)));
  }

  private void loseLeases() throws Exception {
    result(pool.query("update blobs set leased_until = now() - interval '1 s'").execute());
  }

  private void hammerUploads(Step<BlobJournal.Begun> step) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      var uploads = new ArrayList<BlobJournal.Begun>();
      for (int i = 0; i < IMAGES; i++) {
        uploads.add(upload());
      }
      loseLeases();
      var work = new ArrayList<Work>();
      for (var upload : uploads) {
        var id = upload.image().id();
        var deleted = catalog.delete(id, ALICE, PERMITTED);
        work.add(new Work(id, step.of(upload)));
        work.add(new Work(id, deleted));
      }
      requireSound(work);
    }
  }

  private void hammerImports(BlobPlan plan, Step<Import> step) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      var imports = new ArrayList<Import>();
      for (int i = 0; i < IMAGES; i++) {
        imports.add(importing(plan));
      }
      var work = new ArrayList<Work>();
      for (var each : imports) {
        var id = each.task().image().id();
        work.add(new Work(id, step.of(each)));
        work.add(new Work(id, catalog.delete(id, ALICE, PERMITTED)));
      }
      requireSound(work);
    }
  }

  /** Nothing fails but what comes too late. */
  private void requireSound(List<Work> work) throws Exception {
    for (var each : work) {
      var failure = result(each.done().transform(it -> Future.succeededFuture(it.cause())));
      if (failure != null) {
        assertThat(failure).isInstanceOf(ProblemException.class);
        assertThat(((ProblemException) failure).problem()).isInstanceOf(Problem.Gone.class);
      }
    }
    result(pool.query("truncate images cascade").execute());
  }

  @Test
  void commitsUploads() throws Exception {
    hammerUploads(upload -> journal.commitUpload(upload, 7, DIGESTS, Optional.empty()));
  }

  @Test
  void givesUpUploads() throws Exception {
    hammerUploads(upload -> journal.abort(upload.blob()));
  }

  @Test
  void givesUpUploadsOfLostWriters() throws Exception {
    hammerUploads(upload -> unwanted.abandonLost());
  }

  @Test
  void keepsStagedData() throws Exception {
    hammerImports(
        STAGING_PLAN,
        each -> checkpoints.staged(each.task(), stored(each.blob(), 7), Optional.empty()));
  }

  @Test
  void keepsStoredData() throws Exception {
    hammerImports(
        IMAGE_PLAN,
        each ->
            checkpoints.stored(
                each.task(),
                new ImportOutcome(
                    each.blob(), 7, DIGESTS, Optional.empty(), "raw", "bare", Map.of())));
  }

  @Test
  void endsImportsBadly() throws Exception {
    hammerImports(STAGING_PLAN, each -> end.fail(each.task(), "no"));
  }

  @Test
  void endsImportsWell() throws Exception {
    hammerImports(STAGING_PLAN, each -> end.succeed(each.task(), "done"));
  }
}
