package io.vitrine.catalog;

import static io.vitrine.catalog.TestingCatalog.ADMIN;
import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.DIGESTS;
import static io.vitrine.catalog.TestingCatalog.IMAGE_PLAN;
import static io.vitrine.catalog.TestingCatalog.PERMITTED;
import static io.vitrine.catalog.TestingCatalog.SEAL;
import static io.vitrine.catalog.TestingCatalog.STAGING_PLAN;
import static io.vitrine.catalog.TestingCatalog.STORE;
import static io.vitrine.catalog.TestingCatalog.begun;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.problem;
import static io.vitrine.catalog.TestingCatalog.result;
import static io.vitrine.catalog.TestingCatalog.unlimited;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Pool;
import io.vitrine.image.BlobRef;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.ImportMethod;
import io.vitrine.image.ImportOrder;
import io.vitrine.image.ImportTask;
import io.vitrine.image.Location;
import io.vitrine.image.Problem;
import io.vitrine.image.RegionAccess;
import io.vitrine.image.TaskView;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestingCatalog.class)
class TaskQueueTest {
  private static final ImportMethod WEB =
      new ImportMethod.WebDownload(URI.create("http://example.org/image"), Optional.empty());
  private static final Duration TTL = Duration.ofMinutes(1);

  private final Pool pool;
  private final ImageCatalog catalog;
  private final ImageLocations locations;
  private final ImportRequests requests;
  private final UnwantedBlobs unwanted;
  private final Worker one;
  private final Worker two;

  /** One process that works on the queue. */
  private record Worker(
      Leaseholder holder, BlobJournal journal, TaskQueue queue, ImportProgress progress) {
    static Worker on(Pool pool) {
      var holder = TestingCatalog.holder(TTL);
      var journal = new BlobJournal(pool, holder, unlimited(pool));
      var queue = new TaskQueue(pool, holder, TTL, SEAL);
      return new Worker(holder, journal, queue, new ImportProgress(pool, queue, journal));
    }
  }

  TaskQueueTest(Pool pool) {
    this.pool = pool;
    this.catalog = new ImageCatalog(pool);
    this.locations = new ImageLocations(pool);
    this.requests = new ImportRequests(pool, unlimited(pool), new IdempotencyKeys(pool, TTL), SEAL);
    this.unwanted = new UnwantedBlobs(pool);
    this.one = Worker.on(pool);
    this.two = Worker.on(pool);
  }

  private ImageId submit() throws Exception {
    var id = result(catalog.create(image())).id();
    result(requests.submit(id, ALICE, PERMITTED, order(WEB, STORE), request("req-1")));
    return id;
  }

  private static ImportRequests.Request request(String id) {
    return new ImportRequests.Request(new Cause(id, Optional.empty()), Optional.empty());
  }

  private static ImportOrder order(ImportMethod method, String... stores) {
    return new ImportOrder(method, image -> List.of(stores), true);
  }

  private Image get(ImageId id) throws Exception {
    return result(catalog.get(id, ADMIN));
  }

  private TaskView task(ImageId id) throws Exception {
    var tasks = result(one.queue.ofImage(id, ADMIN));
    assertThat(tasks).hasSize(1);
    return tasks.getFirst();
  }

  private ImportTask lease(Worker worker) throws Exception {
    return result(worker.queue.lease(Set.of())).orElseThrow();
  }

  private void loseLeases() throws Exception {
    result(pool.query("update tasks set leased_until = now() - interval '1 s'").execute());
  }

  private static ImportOutcome outcome(BlobRef blob) {
    return new ImportOutcome(blob, 7, DIGESTS, Optional.of(70L), "qcow2", "bare", Map.of());
  }

  private static BlobRef blob(Worker worker, ImportTask task) throws Exception {
    return result(worker.journal.beginForImport(task.image(), IMAGE_PLAN));
  }

  private static BlobRef staging(Worker worker, ImportTask task) throws Exception {
    return result(worker.journal.beginForImport(task.image(), STAGING_PLAN));
  }

  @Test
  void marksTheImageWhileItsImportWaits() throws Exception {
    var id = submit();

    var image = get(id);
    var task = task(id);
    assertThat(image.status()).isEqualTo(ImageStatus.IMPORTING);
    assertThat(image.properties())
        .containsEntry("os_glance_import_task", task.id().toString())
        .containsEntry("os_glance_importing_to_stores", STORE)
        .containsEntry("os_glance_failed_import", "");
    assertThat(task.status()).isEqualTo("pending");
    assertThat(task.owner()).isEqualTo("a");
    assertThat(task.user()).isEqualTo("alice");
    assertThat(task.requestId()).isEqualTo("req-1");
    assertThat(result(one.queue.backlog()).waiting()).isEqualTo(1);
    assertThat(problem(requests.submit(id, ALICE, PERMITTED, order(WEB, STORE), request("req-2"))))
        .isInstanceOf(Problem.Conflict.class);
  }

  @Test
  void waitsWithoutCountingAttemptsForANodeThatIsAway() throws Exception {
    var id = submit();

    for (int i = 0; i < 5; i++) {
      var task = lease(one);
      assertThat(task.attempt()).isEqualTo(1);
      result(one.queue.postpone(task, "away", Duration.ofMinutes(1)));
    }
    assertThat(task(id).status()).isEqualTo("pending");
    assertThat(task(id).message()).isEqualTo("away");

    result(pool.query("update tasks set unreachable_since = now() - interval '61 s'").execute());
    result(one.queue.postpone(lease(one), "away", Duration.ofMinutes(1)));
    assertThat(lease(two).attempt()).isEqualTo(2);
  }

  @Test
  void leavesToOthersWhatAWorkerCannotReach() throws Exception {
    submit();
    submit();
    var away = lease(one);
    result(one.queue.postpone(away, "away", Duration.ofMinutes(1)));

    var next = result(one.queue.lease(Set.of(away.id()))).orElseThrow();

    assertThat(next.id()).isNotEqualTo(away.id());
    assertThat(result(one.queue.lease(Set.of(away.id())))).isEmpty();
    var taken = lease(two);
    assertThat(taken.id()).isEqualTo(away.id());
    assertThat(taken.attempt()).isEqualTo(1);
  }

  @Test
  void goesOnWithWhatPluginsHaveMadeOfStagedData() throws Exception {
    submit();
    var task = lease(one);
    result(one.progress.staged(task, staging(one, task), 5, Optional.empty()));
    var made = staging(one, task);
    result(
        new PluginProgress(pool, one.queue, one.journal)
            .replaced(task, "image_decompression", made, 7));
    loseLeases();

    var again = lease(two);

    assertThat(again.roles()).containsExactly("member");
    assertThat(again.plugins()).containsExactly("image_decompression");
    assertThat(again.staged()).contains(made);
    assertThat(result(unwanted.page(10))).hasSize(1);
  }

  @Test
  void givesEachTaskToOneWorker() throws Exception {
    for (int i = 0; i < 20; i++) {
      submit();
    }
    var leases = new ArrayList<Future<Optional<ImportTask>>>();

    for (int i = 0; i < 15; i++) {
      leases.add(one.queue.lease(Set.of()));
      leases.add(two.queue.lease(Set.of()));
    }

    var seen = new HashSet<UUID>();
    var leased = 0;
    for (var lease : leases) {
      leased += result(lease).map(task -> seen.add(task.id())).isPresent() ? 1 : 0;
    }
    assertThat(leased).isEqualTo(seen.size()).isEqualTo(20);
    assertThat(result(one.queue.lease(Set.of()))).isEmpty();
  }

  @Test
  void leasesTheOldestFirst() throws Exception {
    var first = submit();
    var second = submit();

    assertThat(lease(one).image().id()).isEqualTo(first);
    assertThat(lease(one).image().id()).isEqualTo(second);
  }

  @Test
  void handsATaskOfALostWorkerToTheNextOneWithItsCheckpoint() throws Exception {
    submit();
    var task = lease(one);
    var staged = staging(one, task);
    result(one.progress.staged(task, staged, 5, Optional.empty()));
    loseLeases();

    var again = lease(two);

    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.staged()).isEmpty();
    assertThat(again.id()).isEqualTo(task.id());
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(again.method()).isEqualTo(WEB);
    assertThat(again.stores()).containsExactly(STORE);
    assertThat(again.waiting()).containsExactly(STORE);
    assertThat(again.staged()).hasValue(staged);
  }

  @Test
  void doesNotListenToAWorkerThatLostItsTask() throws Exception {
    var id = submit();
    var old = lease(one);
    var oldBlob = blob(one, old);
    var oldStaging = staging(one, old);
    loseLeases();
    var task = lease(two);

    assertThat(problem(one.queue.progress(old, "x", new JsonArray())))
        .isInstanceOf(Problem.Gone.class);
    assertThat(problem(one.progress.staged(old, oldStaging, 1, Optional.empty())))
        .isInstanceOf(Problem.Gone.class);
    assertThat(problem(one.progress.stored(old, outcome(oldBlob))))
        .isInstanceOf(Problem.Gone.class);
    assertThat(problem(one.progress.fail(old, "x"))).isInstanceOf(Problem.Gone.class);
    assertThat(problem(one.queue.release(old, "x", Duration.ZERO, true)))
        .isInstanceOf(Problem.Gone.class);

    assertThat(get(id).status()).isEqualTo(ImageStatus.IMPORTING);
    assertThat(task(id).message()).isEmpty();
    result(two.progress.stored(task, outcome(blob(two, task))));
    result(two.progress.succeed(task, "done"));
    assertThat(get(id).status()).isEqualTo(ImageStatus.ACTIVE);
  }

  @Test
  void keepsTasksWhoseLeaseIsRenewed() throws Exception {
    submit();
    var task = lease(one);
    loseLeases();

    result(one.holder.renew(pool));

    assertThat(result(two.queue.lease(Set.of()))).isEmpty();
    result(one.queue.progress(task, "half", new JsonArray()));
  }

  @Test
  void takesATaskBackWithoutBlame() throws Exception {
    var id = submit();
    result(one.queue.release(lease(one), "stopping", Duration.ZERO, true));

    assertThat(task(id).status()).isEqualTo("pending");
    assertThat(task(id).message()).isEqualTo("stopping");
    assertThat(lease(two).attempt()).isEqualTo(1);
  }

  @Test
  void letsATaskRestAndCountsItsAttempt() throws Exception {
    submit();
    result(one.queue.release(lease(one), "again", Duration.ofHours(1), false));

    assertThat(result(two.queue.lease(Set.of()))).isEmpty();
    result(pool.query("update tasks set run_after = now()").execute());
    assertThat(lease(two).attempt()).isEqualTo(2);
  }

  @Test
  void queuesTheImageAgainWhenItsImportFails() throws Exception {
    var id = submit();
    var task = lease(one);
    var staged = staging(one, task);
    result(one.progress.staged(task, staged, 5, Optional.empty()));

    result(one.progress.fail(task, "the reason"));

    var image = get(id);
    assertThat(image.status()).isEqualTo(ImageStatus.QUEUED);
    assertThat(image.size()).isNull();
    assertThat(image.properties())
        .containsEntry("os_glance_failed_import", STORE)
        .containsEntry("os_glance_importing_to_stores", "")
        .doesNotContainKey("os_glance_import_task");
    assertThat(task(id).status()).isEqualTo("failure");
    assertThat(task(id).message()).isEqualTo("the reason");
    assertThat(task(id).expiresAt()).isNotNull();
    assertThat(result(unwanted.page(10))).extracting(BlobRef::id).contains(staged.id());
    assertThat(result(two.queue.lease(Set.of()))).isEmpty();
  }

  @Test
  void makesTheImageActiveWhenItsImportSucceeds() throws Exception {
    var id = submit();
    var task = lease(one);
    var staged = staging(one, task);
    result(one.progress.staged(task, staged, 5, Optional.empty()));
    result(one.queue.progress(task, "half", new JsonArray()));
    assertThat(task(id).message()).isEqualTo("half");
    var blob = blob(one, task);

    result(one.progress.stored(task, outcome(blob)));
    result(one.progress.succeed(task, "done"));

    var image = get(id);
    assertThat(image.status()).isEqualTo(ImageStatus.ACTIVE);
    assertThat(image.diskFormat()).isEqualTo("qcow2");
    assertThat(image.size()).isEqualTo(7);
    assertThat(image.virtualSize()).isEqualTo(70);
    assertThat(image.digests()).isEqualTo(DIGESTS);
    assertThat(image.stores()).containsExactly(STORE);
    assertThat(image.properties()).doesNotContainKey("os_glance_import_task");
    assertThat(result(locations.of(id))).extracting(Location::blob).containsExactly(blob);
    assertThat(task(id).status()).isEqualTo("success");
    assertThat(task(id).result()).containsEntry("image_id", id.toString());
    assertThat(result(unwanted.page(10))).containsExactly(staged);
  }

  @Test
  void endsTheImportsOfADeletedImage() throws Exception {
    var id = submit();
    var task = lease(one);
    var blob = blob(one, task);

    result(catalog.delete(id, ALICE, PERMITTED));

    assertThat(problem(one.queue.progress(task, "x", new JsonArray())))
        .isInstanceOf(Problem.Gone.class);
    assertThat(problem(one.progress.stored(task, outcome(blob)))).isInstanceOf(Problem.Gone.class);
    assertThat(result(two.queue.lease(Set.of()))).isEmpty();
  }

  @Test
  void importsStagedDataOnlyWhenItIsComplete() throws Exception {
    var id = result(catalog.create(image())).id();
    var direct = new ImportMethod.GlanceDirect(Optional.empty());
    assertThat(
            problem(requests.submit(id, ALICE, PERMITTED, order(direct, STORE), request("req-1"))))
        .isInstanceOf(Problem.Conflict.class);
    var blob = result(one.journal.beginStaging(id, ALICE, PERMITTED, STAGING_PLAN)).blob();
    assertThat(
            problem(requests.submit(id, ALICE, PERMITTED, order(direct, STORE), request("req-1"))))
        .isInstanceOf(Problem.Conflict.class);
    result(one.journal.commitStaging(begun(blob), 5));

    result(requests.submit(id, ALICE, PERMITTED, order(direct, STORE), request("req-1")));

    assertThat(lease(one).staged()).hasValue(blob);
  }

  @Test
  void hidesTasksThatHaveExpired() throws Exception {
    var id = submit();
    result(one.progress.fail(lease(one), "x"));
    result(pool.query("update tasks set expires_at = now() - interval '1 s'").execute());

    assertThat(result(one.queue.ofImage(id, ADMIN))).isEmpty();
  }

  /** A worker that takes the task over stores only what is not stored yet. */
  @Test
  void goesOnWithTheStoresThatTheLostWorkerHadNotReached() throws Exception {
    var id = result(catalog.create(image())).id();
    result(requests.submit(id, ALICE, PERMITTED, order(WEB, STORE, "b", "c"), request("req-1")));
    var lost = lease(one);
    var first = blob(one, lost);
    result(one.progress.stored(lost, outcome(first)));
    result(one.progress.failed(lost, "b"));
    loseLeases();

    var task = lease(two);

    assertThat(task.copies()).containsExactly(first);
    assertThat(task.stores()).containsExactly(STORE, "b", "c");
    assertThat(task.waiting()).containsExactly("c");
    assertThat(task.image().status()).isEqualTo(ImageStatus.IMPORTING);
    assertThat(task.image().digests()).isEqualTo(DIGESTS);
    assertThat(task.image().properties())
        .containsEntry("os_glance_importing_to_stores", "c")
        .containsEntry("os_glance_failed_import", "b");
  }

  @Test
  void leavesNothingOfAnImportThatFailsInOneStore() throws Exception {
    var id = result(catalog.create(image())).id();
    result(requests.submit(id, ALICE, PERMITTED, order(WEB, STORE, "b"), request("req-1")));
    var task = lease(one);
    var first = blob(one, task);
    result(one.progress.stored(task, outcome(first)));

    result(one.progress.fail(task, "no space"));

    var image = get(id);
    assertThat(image.status()).isEqualTo(ImageStatus.QUEUED);
    assertThat(image.stores()).isEmpty();
    assertThat(image.digests()).isNull();
    assertThat(image.diskFormat()).isEqualTo("raw");
    assertThat(result(unwanted.page(10))).containsExactly(first);
  }

  @Test
  void keepsTheTokenOutOfSightAndForgetsItWhenTheDataIsStaged() throws Exception {
    var access = new RegionAccess(URI.create("http://north"), "ann's token");
    var method =
        new ImportMethod.GlanceDownload("North", UUID.randomUUID(), "public", Optional.of(access));
    var id = result(catalog.create(image())).id();
    result(requests.submit(id, ALICE, PERMITTED, order(method, STORE), request("req-1")));

    var kept = kept();
    var task = result(one.queue.lease(Set.of())).orElseThrow();
    var blob = result(one.journal.beginForImport(task.image(), STAGING_PLAN));
    result(one.progress.staged(task, blob, 7, Optional.empty()));

    assertThat(kept).contains("sealed").doesNotContain("ann", "north");
    assertThat(((ImportMethod.GlanceDownload) task.method()).access()).contains(access);
    assertThat(kept()).isEqualTo("null");
  }

  /** What the database has of the only task's means of access. */
  private String kept() throws Exception {
    return String.valueOf(
        result(pool.query("select access from tasks").execute())
            .iterator()
            .next()
            .getJsonObject("access"));
  }
}
