package io.vitrine.catalog.tasks;

import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.DIGESTS;
import static io.vitrine.catalog.TestingCatalog.PERMITTED;
import static io.vitrine.catalog.TestingCatalog.STAGED;
import static io.vitrine.catalog.TestingCatalog.STAGING_PLAN;
import static io.vitrine.catalog.TestingCatalog.STORE;
import static io.vitrine.catalog.TestingCatalog.begun;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.problem;
import static io.vitrine.catalog.TestingCatalog.result;
import static io.vitrine.catalog.TestingCatalog.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Pool;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.Location;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.RegionAccess;
import io.vitrine.net.address.Url;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How imports end, and what they leave behind. */
class TaskEndTest extends TestingTasks {
  TaskEndTest(Pool pool) {
    super(pool);
  }

  @Test
  void queuesTheImageAgainWhenItsImportFails() throws Exception {
    var id = submit();
    var task = lease(one);
    var staged = staging(one, task);
    result(one.checkpoints().staged(task, stored(staged, 5), Optional.empty()));

    result(one.end().fail(task, "the reason"));

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
    assertThat(result(two.queue().lease(TaskSelection.but(Set.of())))).isEmpty();
  }

  @Test
  void makesTheImageActiveWhenItsImportSucceeds() throws Exception {
    var id = submit();
    var task = lease(one);
    var staged = staging(one, task);
    result(one.checkpoints().staged(task, stored(staged, 5), Optional.empty()));
    result(one.queue().progress(task, "half", new JsonArray()));
    assertThat(task(id).message()).isEqualTo("half");
    var blob = blob(one, task);

    result(one.checkpoints().stored(task, outcome(blob)));
    result(one.end().succeed(task, "done"));

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

    assertThat(problem(one.queue().progress(task, "x", new JsonArray())))
        .isInstanceOf(Problem.Gone.class);
    assertThat(problem(one.checkpoints().stored(task, outcome(blob))))
        .isInstanceOf(Problem.Gone.class);
    assertThat(result(two.queue().lease(TaskSelection.but(Set.of())))).isEmpty();
  }

  @Test
  void importsStagedDataOnlyWhenItIsComplete() throws Exception {
    var id = result(catalog.create(image())).id();
    var direct = new ImportMethod.GlanceDirect(Optional.empty());
    assertThat(problem(requests.submit(id, order(direct, STORE), request("req-1"))))
        .isInstanceOf(Problem.Conflict.class);
    var blob = result(one.journal().beginStaging(id, ALICE, PERMITTED, STAGING_PLAN)).blob();
    assertThat(problem(requests.submit(id, order(direct, STORE), request("req-1"))))
        .isInstanceOf(Problem.Conflict.class);
    result(one.journal().commitStaging(begun(blob), 5, Optional.of(STAGED)));

    result(requests.submit(id, order(direct, STORE), request("req-1")));

    assertThat(lease(one).staged()).hasValue(stored(blob, 5));
  }

  /** A worker that takes the task over stores only what is not stored yet. */
  @Test
  void goesOnWithTheStoresThatTheLostWorkerHadNotReached() throws Exception {
    var id = result(catalog.create(image())).id();
    result(requests.submit(id, order(WEB, STORE, "b", "c"), request("req-1")));
    var lost = lease(one);
    var first = blob(one, lost);
    result(one.checkpoints().stored(lost, outcome(first)));
    result(one.checkpoints().failed(lost, "b"));
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
    result(requests.submit(id, order(WEB, STORE, "b"), request("req-1")));
    var task = lease(one);
    var first = blob(one, task);
    result(one.checkpoints().stored(task, outcome(first)));

    result(one.end().fail(task, "no space"));

    var image = get(id);
    assertThat(image.status()).isEqualTo(ImageStatus.QUEUED);
    assertThat(image.stores()).isEmpty();
    assertThat(image.digests()).isNull();
    assertThat(image.diskFormat()).isEqualTo("raw");
    assertThat(result(unwanted.page(10))).containsExactly(first);
  }

  @Test
  void keepsTheTokenOutOfSightAndForgetsItWhenTheDataIsStaged() throws Exception {
    var access = new RegionAccess(Url.parse("http://north"), "ann's token");
    var method =
        new ImportMethod.GlanceDownload("North", UUID.randomUUID(), "public", Optional.of(access));
    var id = result(catalog.create(image())).id();
    result(requests.submit(id, order(method, STORE), request("req-1")));

    var kept = kept();
    var task = lease(one);
    var blob = result(one.journal().beginForImport(task.image(), STAGING_PLAN));
    result(one.checkpoints().staged(task, stored(blob, 7), Optional.empty()));

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
