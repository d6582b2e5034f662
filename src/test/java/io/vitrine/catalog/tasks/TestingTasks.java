package io.vitrine.catalog.tasks;

import static io.vitrine.catalog.TestingCatalog.ADMIN;
import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.DIGESTS;
import static io.vitrine.catalog.TestingCatalog.IMAGE_PLAN;
import static io.vitrine.catalog.TestingCatalog.SEAL;
import static io.vitrine.catalog.TestingCatalog.STAGING_PLAN;
import static io.vitrine.catalog.TestingCatalog.STORE;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.result;
import static io.vitrine.catalog.TestingCatalog.unlimited;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.blobs.UnwantedBlobs;
import io.vitrine.catalog.events.Outbox;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.images.ImageLocations;
import io.vitrine.catalog.sql.IdempotencyKeys;
import io.vitrine.catalog.sql.Leaseholder;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportPlan;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.TaskView;
import io.vitrine.net.address.Url;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;

/** The queue of imports with two processes that work on it. */
@ExtendWith(TestingCatalog.class)
abstract class TestingTasks {
  static final ImportMethod WEB =
      new ImportMethod.WebDownload(Url.parse("http://example.org/image"), Optional.empty());

  static final Duration TTL = Duration.ofMinutes(1);
  final Pool pool;
  final ImageCatalog catalog;
  final ImageLocations locations;
  final ImportRequests requests;
  final UnwantedBlobs unwanted;
  final Worker one;
  final Worker two;

  /** One process that works on the queue. */
  record Worker(
      Leaseholder holder,
      BlobJournal journal,
      TaskQueue queue,
      ImportCheckpoints checkpoints,
      TaskEnd end) {
    static Worker on(Pool pool) {
      var holder = TestingCatalog.holder(TTL);
      var journal = new BlobJournal(pool, holder, unlimited(pool));
      var queue = new TaskQueue(pool, holder, TTL, SEAL);
      return new Worker(
          holder,
          journal,
          queue,
          new PgImportCheckpoints(pool, queue, journal, Outbox.OFF),
          new PgTaskEnd(pool, queue, Outbox.OFF));
    }
  }

  TestingTasks(Pool pool) {
    this.pool = pool;
    this.catalog = new ImageCatalog(pool);
    this.locations = new ImageLocations(pool);
    this.requests = new ImportRequests(pool, unlimited(pool), new IdempotencyKeys(pool, TTL), SEAL);
    this.unwanted = new UnwantedBlobs(pool);
    this.one = Worker.on(pool);
    this.two = Worker.on(pool);
  }

  ImageId submit() throws Exception {
    var id = result(catalog.create(image())).id();
    result(requests.submit(id, order(WEB, STORE), request("req-1")));
    return id;
  }

  static ImportRequests.Submission request(String id) {
    return new ImportRequests.Submission(
        ALICE, new TaskOrigin(id, Optional.empty()), Optional.empty());
  }

  static ImportPlan order(ImportMethod method, String... stores) {
    return new ImportPlan(method, List.of(stores), true);
  }

  Image get(ImageId id) throws Exception {
    return result(catalog.get(id, ADMIN));
  }

  TaskView task(ImageId id) throws Exception {
    var tasks = result(one.queue.ofImage(id, ADMIN));
    assertThat(tasks).hasSize(1);
    return tasks.getFirst();
  }

  ImportTask lease(Worker worker) throws Exception {
    return (ImportTask) result(worker.queue.lease(TaskSelection.but(Set.of()))).orElseThrow();
  }

  void loseLeases() throws Exception {
    result(pool.query("update tasks set leased_until = now() - interval '1 s'").execute());
  }

  static ImportOutcome outcome(BlobRef blob) {
    return new ImportOutcome(blob, 7, DIGESTS, Optional.of(70L), "qcow2", "bare", Map.of());
  }

  static BlobRef blob(Worker worker, ImportTask task) throws Exception {
    return result(worker.journal.beginForImport(task.image(), IMAGE_PLAN));
  }

  static BlobRef staging(Worker worker, ImportTask task) throws Exception {
    return result(worker.journal.beginForImport(task.image(), STAGING_PLAN));
  }
}
