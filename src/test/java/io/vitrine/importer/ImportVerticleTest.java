package io.vitrine.importer;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.TaskHead;
import io.vitrine.image.task.TaskLease;
import io.vitrine.importer.finish.FailedRuns;
import io.vitrine.importer.finish.FinishStage;
import io.vitrine.importer.finish.RetryConfig;
import io.vitrine.importer.finish.RetryPolicy;
import io.vitrine.importer.finish.SkippedTasks;
import io.vitrine.importer.finish.TaskEndings;
import io.vitrine.importer.run.RunObservers;
import io.vitrine.net.address.Url;
import io.vitrine.observe.metrics.ImportMeters;
import io.vitrine.observe.trace.Traces;
import io.vitrine.testing.TestingConditions;
import io.vitrine.transfer.bus.Addresses;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker on a queue in memory, whose runs wait for the test. */
class ImportVerticleTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final int MAX_ATTEMPTS = 3;
  private static final int MAX_CRASHES = 2;

  private final Vertx vertx = Vertx.vertx();
  private final FakeLeases leases = new FakeLeases();
  private final FakeQueue queue = new FakeQueue();
  private final GatedRuns runs = new GatedRuns();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private int reserve;
  private Duration poll = LONG;
  private Duration grace = LONG;

  @AfterEach
  void close() throws TimeoutException {
    runs.endAll();
    vertx.close().await(10, SECONDS);
  }

  private ImportVerticle worker() {
    var retries = new RetryConfig(MAX_ATTEMPTS, MAX_CRASHES, LONG);
    var endings = new TaskEndings(queue, queue);
    return new ImportVerticle(
        leases,
        new ImportVerticle.Work(
            runs,
            (run, goOn) -> true,
            new FinishStage(endings),
            new FailedRuns(vertx, endings, new SkippedTasks(LONG), new RetryPolicy(retries, LONG))),
        new RunObservers(new ImportMeters(registry), Traces.OFF),
        new ImportVerticle.Settings(
            new Slots(new SlotsConfig(2, 1, reserve)),
            retries,
            new ImportVerticle.Times(poll, grace)));
  }

  private String deploy(ImportVerticle worker) throws TimeoutException {
    var options = new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD);
    return vertx.deployVerticle(new Watched(worker), options).await(10, SECONDS);
  }

  private String deploy() throws TimeoutException {
    return deploy(worker());
  }

  private static ImportTask waiting(String project, int attempt, TaskLease lease) {
    var head =
        new TaskHead(
            UUID.randomUUID(), TestingImports.image(), project, attempt, lease, Optional.empty());
    return new TestingImports(new ImportMethod.CopyImage()).head(head).task();
  }

  private static TaskLease lease(int crashes, boolean isSuspect) {
    return new TaskLease(1, crashes, isSuspect, Duration.ZERO, Duration.ZERO);
  }

  private ImportTask add(ImportTask task) {
    leases.add(task);
    return task;
  }

  /** A task that computes. */
  private ImportTask add(String project) {
    return add(waiting(project, 1, lease(0, false)));
  }

  private ImportTask addDownload() {
    var method = new ImportMethod.WebDownload(Url.parse("http://test/"), Optional.empty());
    return add(new TestingImports(method).task());
  }

  private void wake() {
    vertx.eventBus().publish(Addresses.IMPORT_WAKE, "");
  }

  private void awaitOutcome(String outcome) {
    TestingConditions.await("an attempt that is " + outcome, () -> count(outcome) > 0);
  }

  private long count(String outcome) {
    return registry.find("vitrine.import").tag("outcome", outcome).timers().stream()
        .mapToLong(Timer::count)
        .sum();
  }

  @Test
  void runsWhatWaits() throws Exception {
    var garbage = new AtomicInteger();
    vertx.eventBus().consumer(Addresses.GARBAGE_WAKE, hint -> garbage.incrementAndGet());
    var task = add("a");
    deploy();
    runs.awaitBegun(task);

    runs.end(task);

    awaitOutcome("success");
    TestingConditions.await("the end of the lease", () -> leases.dropped().contains(task.id()));
    TestingConditions.await("a hint to collect garbage", () -> garbage.get() == 1);
    assertThat(queue.events()).isEmpty();
  }

  @Test
  void looksWhenItIsWoken() throws Exception {
    deploy();
    TestingConditions.await("the first look", () -> leases.asked().size() == 2);
    var task = add("a");

    wake();

    runs.awaitBegun(task);
  }

  @Test
  void looksAgainWithoutBeingWoken() throws Exception {
    poll = Duration.ofMillis(5);
    deploy();
    TestingConditions.await("the first look", () -> leases.asked().size() >= 2);

    runs.awaitBegun(add("a"));
  }

  @Test
  void looksAgainAfterTheQueueCouldNotBeRead() throws Exception {
    leases.breakFor(1);
    var task = add("a");
    deploy();
    TestingConditions.await("the first look", () -> !leases.asked().isEmpty());
    assertThat(runs.begun()).isEmpty();

    wake();

    runs.awaitBegun(task);
  }

  @Test
  void runsAsManyTasksAsItHasRoomFor() throws Exception {
    var first = add("a");
    var second = add("a");
    var third = add("a");
    deploy();
    runs.awaitBegun(first, second);
    wake();
    assertThat(leases.waiting()).containsExactly(third.id());

    runs.end(second);

    runs.awaitBegun(third);
    assertThat(runs.begun()).containsExactly(first.id(), second.id(), third.id());
  }

  @Test
  void keepsRoomForDownloadsAndForComputing() throws Exception {
    var download = addDownload();
    var waiting = addDownload();
    var computing = add("a");
    deploy();

    runs.awaitBegun(download, computing);

    assertThat(leases.waiting()).containsExactly(waiting.id());
  }

  @Test
  void keepsAReserveForProjectsWithNothingRunning() throws Exception {
    reserve = 1;
    var first = add("a");
    var second = add("a");
    var third = add("a");
    var other = add("b");
    deploy();

    runs.awaitBegun(first, second, other);

    assertThat(leases.waiting()).containsExactly(third.id());
  }

  @Test
  void handsOnWhatItHasNoRoomToContinue() throws Exception {
    var task = addDownload();
    deploy();
    runs.awaitBegun(task);

    runs.handOn(task);

    awaitOutcome("handed on");
    assertThat(queue.events()).singleElement().asString().startsWith("handed on: ");
    TestingConditions.await(
        "a look for what it handed on", () -> leases.asked().getLast().own().contains(task.id()));
  }

  @Test
  void waitsForRunningTasksWhenItStops() throws Exception {
    var task = add("a");
    var id = deploy();
    runs.awaitBegun(task);

    var stopped = vertx.undeploy(id);
    assertThat(stopping.await(10, SECONDS)).isTrue();
    var late = add("a");
    wake();
    assertThat(stopped.isComplete()).isFalse();
    runs.end(task);

    stopped.await(10, SECONDS);
    assertThat(count("success")).isEqualTo(1);
    assertThat(queue.events()).isEmpty();
    assertThat(leases.waiting()).containsExactly(late.id());
  }

  @Test
  void handsRunningTasksBackAfterTheGraceTime() throws Exception {
    grace = Duration.ZERO;
    var first = add("a");
    var second = add("b");
    var id = deploy();
    runs.awaitBegun(first, second);

    vertx.undeploy(id).await(10, SECONDS);

    assertThat(queue.events())
        .containsExactly("released: The worker is stopping.", "released: The worker is stopping.");
    assertThat(leases.dropped()).containsExactlyInAnyOrder(first.id(), second.id());
    assertThat(count("released")).isEqualTo(2);
  }

  @Test
  void handsRunningTasksBackAtOnceWhenToldTo() throws Exception {
    var task = add("a");
    var worker = worker();
    var id = deploy(worker);
    runs.awaitBegun(task);

    worker.handBack();

    awaitOutcome("released");
    var late = add("a");
    wake();
    vertx.undeploy(id).await(10, SECONDS);
    assertThat(queue.events()).containsExactly("released: The worker is stopping.");
    assertThat(leases.waiting()).containsExactly(late.id());
  }

  @Test
  void stopsARunThatHasLostItsLease() throws Exception {
    var lost = add("a");
    leases.lose(lost);
    queue.failWith(ProblemException.gone("taken over"));
    add("a");
    var next = add("a");
    deploy();

    awaitOutcome("lost");

    runs.awaitBegun(next);
    assertThat(leases.dropped()).containsExactly(lost.id());
    assertThat(queue.events()).isEmpty();
  }

  @Test
  void handsATaskBackWhenTheServiceIsAtFault() throws Exception {
    var task = add("a");
    deploy();
    runs.awaitBegun(task);

    runs.fail(task, ProblemException.unavailable("The store does not answer."));

    awaitOutcome("released");
    assertThat(queue.events()).singleElement().asString().startsWith("set back: ");
  }

  @Test
  void failsATaskWithoutAttemptsLeft() throws Exception {
    add(waiting("a", MAX_ATTEMPTS + 1, lease(0, false)));
    deploy();

    awaitOutcome("failure");

    assertThat(queue.events()).containsExactly("failed: Given up after 3 attempts.");
    assertThat(runs.begun()).isEmpty();
  }

  @Test
  void failsATaskThatKillsItsWorkers() throws Exception {
    add(waiting("a", 1, lease(MAX_CRASHES, true)));
    deploy();

    awaitOutcome("failure");

    assertThat(queue.events())
        .containsExactly(
            "failed: Given up: 2 workers died while they worked on this import alone.");
    assertThat(runs.begun()).isEmpty();
  }

  @Test
  void runsASuspectAlone() throws Exception {
    var other = add("a");
    var suspect = add(waiting("b", 2, lease(1, true)));
    var next = add("a");
    deploy();
    runs.awaitBegun(other);
    wake();
    assertThat(leases.waiting()).containsExactly(next.id());

    runs.end(other);
    runs.awaitBegun(suspect);

    assertThat(leases.alone()).containsExactly(suspect.id());
    assertThat(leases.waiting()).containsExactly(next.id());
    runs.end(suspect);
    runs.awaitBegun(next);
  }

  /** Tells when the worker has begun to stop. */
  private final class Watched implements Deployable {
    private final ImportVerticle worker;

    Watched(ImportVerticle worker) {
      this.worker = worker;
    }

    @Override
    public Future<?> deploy(Context context) throws Exception {
      return worker.deploy(context);
    }

    @Override
    public Future<?> undeploy(Context context) throws Exception {
      var stopped = worker.undeploy(context);
      stopping.countDown();
      return stopped;
    }
  }
}
