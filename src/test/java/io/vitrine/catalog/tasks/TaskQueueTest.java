package io.vitrine.catalog.tasks;

import static io.vitrine.catalog.TestingCatalog.ADMIN;
import static io.vitrine.catalog.TestingCatalog.STORE;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.problem;
import static io.vitrine.catalog.TestingCatalog.result;
import static io.vitrine.catalog.TestingCatalog.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.image.task.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who works on which import, and what of a lost worker goes on. */
class TaskQueueTest extends TestingTasks {
  TaskQueueTest(Pool pool) {
    super(pool);
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
    assertThat(result(one.queue().backlog()).waiting()).isEqualTo(1);
    assertThat(problem(requests.submit(id, order(WEB, STORE), request("req-2"))))
        .isInstanceOf(Problem.Conflict.class);
  }

  @Test
  void waitsWithoutCountingAttemptsForANodeThatIsAway() throws Exception {
    var id = submit();

    for (int i = 0; i < 5; i++) {
      var task = lease(one);
      assertThat(task.attempt()).isEqualTo(1);
      result(one.queue().postpone(task, "away", Duration.ofMinutes(1)));
    }
    assertThat(task(id).status()).isEqualTo("pending");
    assertThat(task(id).message()).isEqualTo("away");

    result(pool.query("update tasks set unreachable_since = now() - interval '61 s'").execute());
    result(one.queue().postpone(lease(one), "away", Duration.ofMinutes(1)));
    assertThat(lease(two).attempt()).isEqualTo(2);
  }

  @Test
  void leavesToOthersWhatAWorkerCannotReach() throws Exception {
    submit();
    submit();
    var away = lease(one);
    result(one.queue().postpone(away, "away", Duration.ofMinutes(1)));

    var next = result(one.queue().lease(TaskSelection.but(Set.of(away.id())))).orElseThrow();

    assertThat(next.id()).isNotEqualTo(away.id());
    assertThat(result(one.queue().lease(TaskSelection.but(Set.of(away.id()))))).isEmpty();
    var taken = lease(two);
    assertThat(taken.id()).isEqualTo(away.id());
    assertThat(taken.attempt()).isEqualTo(1);
  }

  @Test
  void goesOnWithWhatPluginsHaveMadeOfStagedData() throws Exception {
    submit();
    var task = lease(one);
    result(one.checkpoints().staged(task, stored(staging(one, task), 5), Optional.empty()));
    var made = staging(one, task);
    result(one.checkpoints().replaced(task, "image_decompression", stored(made, 7)));
    loseLeases();

    var again = lease(two);

    assertThat(again.roles()).containsExactly("member");
    assertThat(again.plugins()).containsExactly("image_decompression");
    assertThat(again.staged()).contains(stored(made, 7));
    assertThat(result(unwanted.page(10))).hasSize(1);
  }

  @Test
  void givesEachTaskToOneWorker() throws Exception {
    for (int i = 0; i < 20; i++) {
      submit();
    }
    var leases = new ArrayList<Future<Optional<LeasedTask>>>();

    for (int i = 0; i < 15; i++) {
      leases.add(one.queue().lease(TaskSelection.but(Set.of())));
      leases.add(two.queue().lease(TaskSelection.but(Set.of())));
    }

    var seen = new HashSet<UUID>();
    var leased = 0;
    for (var lease : leases) {
      leased += result(lease).map(task -> seen.add(task.id())).isPresent() ? 1 : 0;
    }
    assertThat(leased).isEqualTo(seen.size()).isEqualTo(20);
    assertThat(result(one.queue().lease(TaskSelection.but(Set.of())))).isEmpty();
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
    result(one.checkpoints().staged(task, stored(staged, 5), Optional.empty()));
    loseLeases();

    var again = lease(two);

    assertThat(task.attempt()).isEqualTo(1);
    assertThat(task.staged()).isEmpty();
    assertThat(again.id()).isEqualTo(task.id());
    // Nobody knows that the task was at fault.
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.lease().number()).isEqualTo(2);
    assertThat(again.method()).isEqualTo(WEB);
    assertThat(again.stores()).containsExactly(STORE);
    assertThat(again.waiting()).containsExactly(STORE);
    assertThat(again.staged()).hasValue(stored(staged, 5));
  }

  @Test
  void doesNotListenToAWorkerThatLostItsTask() throws Exception {
    var id = submit();
    var old = lease(one);
    var oldBlob = blob(one, old);
    var oldStaging = staging(one, old);
    loseLeases();
    var task = lease(two);

    assertThat(problem(one.queue().progress(old, "x", new JsonArray())))
        .isInstanceOf(Problem.Gone.class);
    assertThat(problem(one.checkpoints().staged(old, stored(oldStaging, 1), Optional.empty())))
        .isInstanceOf(Problem.Gone.class);
    assertThat(problem(one.checkpoints().stored(old, outcome(oldBlob))))
        .isInstanceOf(Problem.Gone.class);
    assertThat(problem(one.end().fail(old, "x"))).isInstanceOf(Problem.Gone.class);
    assertThat(problem(one.queue().release(old, "x"))).isInstanceOf(Problem.Gone.class);

    assertThat(get(id).status()).isEqualTo(ImageStatus.IMPORTING);
    assertThat(task(id).message()).isEmpty();
    result(two.checkpoints().stored(task, outcome(blob(two, task))));
    result(two.end().succeed(task, "done"));
    assertThat(get(id).status()).isEqualTo(ImageStatus.ACTIVE);
  }

  @Test
  void keepsTasksWhoseLeaseIsRenewed() throws Exception {
    submit();
    var task = lease(one);
    loseLeases();

    result(one.holder().renew(pool));

    assertThat(result(two.queue().lease(TaskSelection.but(Set.of())))).isEmpty();
    result(one.queue().progress(task, "half", new JsonArray()));
  }

  @Test
  void takesATaskBackWithoutBlame() throws Exception {
    var id = submit();
    result(one.queue().release(lease(one), "stopping"));

    assertThat(task(id).status()).isEqualTo("pending");
    assertThat(task(id).message()).isEqualTo("stopping");
    assertThat(lease(two).attempt()).isEqualTo(1);
  }

  @Test
  void letsATaskRestAndCountsItsAttempt() throws Exception {
    submit();
    result(one.queue().release(lease(one), "again", Duration.ofHours(1)));

    assertThat(result(two.queue().lease(TaskSelection.but(Set.of())))).isEmpty();
    result(pool.query("update tasks set run_after = now()").execute());
    assertThat(lease(two).attempt()).isEqualTo(2);
  }

  /** A worker that was lost may have been killed by anything. */
  @Test
  void countsOnlyWorkersThatDiedWhileTheyWorkedOnATaskAlone() throws Exception {
    submit();
    stage(lease(one));
    for (int kill = 0; kill < 5; kill++) {
      loseLeases();
      var task = lease(two);
      assertThat(task.attempt()).isEqualTo(1);
      assertThat(task.lease().crashes()).isZero();
      assertThat(task.lease().isSuspect()).isTrue();
    }

    loseLeases();
    result(one.queue().alone(lease(one)));
    loseLeases();
    assertThat(lease(two).lease().crashes()).isEqualTo(1);
  }

  @Test
  void suspectsNoTaskThatWasOnlyBeingFetched() throws Exception {
    submit();
    lease(one);
    loseLeases();

    assertThat(lease(two).lease().isSuspect()).isFalse();
  }

  @Test
  void forgetsCrashesAndSetbacksAtTheNextCheckpoint() throws Exception {
    submit();
    result(
        pool.query("update tasks set crashes = 2, setbacks = 3, setback_since = now()").execute());
    stage(lease(one));
    loseLeases();

    var task = lease(two);
    assertThat(task.lease().crashes()).isZero();
    assertThat(task.lease().setbackFor()).isZero();
  }

  /** As after a pause of the database, when a process takes up again what it still works on. */
  @Test
  void doesNotListenUnderAnOlderLeaseOfTheSameWorker() throws Exception {
    submit();
    var old = lease(one);
    var oldBlob = staging(one, old);
    loseLeases();
    var task = lease(one);

    assertThat(problem(one.checkpoints().staged(old, stored(oldBlob, 1), Optional.empty())))
        .isInstanceOf(Problem.Gone.class);
    assertThat(problem(one.queue().release(old, "x"))).isInstanceOf(Problem.Gone.class);
    stage(task);
  }

  @Test
  void waitsLongerWithEachFaultOfTheService() throws Exception {
    var id = submit();
    for (int i = 0; i < 3; i++) {
      var task = lease(one);
      assertThat(task.attempt()).isEqualTo(1);
      result(one.queue().setBack(task, "The store is away."));
      assertThat(result(two.queue().lease(TaskSelection.but(Set.of())))).isEmpty();
      assertThat(task(id).message()).isEqualTo("The store is away.");
      assertThat(secondsToRun()).isBetween(2 * (1 << i) * 0.7, 2 * (1 << i) * 1.3);
      result(pool.query("update tasks set run_after = now()").execute());
    }
  }

  private double secondsToRun() throws Exception {
    return result(
            pool.query("select extract(epoch from run_after - now())::float8 from tasks").execute())
        .iterator()
        .next()
        .getDouble(0);
  }

  @Test
  void takesTasksOfProjectsInTurn() throws Exception {
    var first = submit();
    submit();
    var others = submit();
    result(
        pool.preparedQuery("update tasks set owner = 'b' where image_id = $1")
            .execute(Tuple.of(others.value())));

    assertThat(lease(one).image().id()).isEqualTo(first);
    assertThat(lease(two).image().id()).isEqualTo(others);
  }

  @Test
  void leavesOutProjectsThatHaveEnough() throws Exception {
    submit();
    var project = lease(one).project();
    submit();
    var fetched = EnumSet.of(Workload.FETCH);
    var worked = EnumSet.of(Workload.COMPUTE);

    assertThat(
            result(
                one.queue().lease(new TaskSelection(fetched, Set.of(), Set.of(project), Set.of()))))
        .isEmpty();
    assertThat(result(one.queue().lease(new TaskSelection(worked, Set.of(), Set.of(), Set.of()))))
        .isEmpty();
    assertThat(result(one.queue().lease(new TaskSelection(fetched, Set.of(), Set.of(), Set.of()))))
        .isPresent();
  }

  @Test
  void leavesWhatWasFetchedToItsWorkerForAMoment() throws Exception {
    var id = submit();
    var task = lease(one);
    stage(task);
    result(one.queue().progress(task, "x", new JsonArray().add("fetched")));

    result(one.queue().handOn(task, "waiting"));

    assertThat(result(two.queue().lease(TaskSelection.but(Set.of())))).isEmpty();
    var worked = EnumSet.of(Workload.COMPUTE);
    var own = new TaskSelection(worked, Set.of(), Set.of(), Set.of(task.id()));
    var again = result(one.queue().lease(own)).orElseThrow();
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.workload()).isEqualTo(Workload.COMPUTE);
    result(one.queue().progress(again, "y", new JsonArray().add("stored")));
    assertThat(task(id).progress()).isEqualTo(List.of("fetched", "stored"));
  }

  private void stage(ImportTask task) throws Exception {
    result(one.checkpoints().staged(task, stored(staging(one, task), 5), Optional.empty()));
  }

  @Test
  void hidesTasksThatHaveExpired() throws Exception {
    var id = submit();
    result(one.end().fail(lease(one), "x"));
    result(pool.query("update tasks set expires_at = now() - interval '1 s'").execute());

    assertThat(result(one.queue().ofImage(id, ADMIN))).isEmpty();
  }
}
