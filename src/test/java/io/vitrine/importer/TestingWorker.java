package io.vitrine.importer;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.importer.run.RunObservers;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.observe.metrics.ImportMeters;
import io.vitrine.observe.trace.Traces;
import io.vitrine.transfer.bus.Codecs;
import io.vitrine.transfer.bus.Peers;
import io.vitrine.transfer.stream.IdleLimit;
import io.vitrine.transfer.stream.StoreClient;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;

/** The virtual threads of a worker, on a node of its own. */
public final class TestingWorker implements AutoCloseable {
  /** The name of the node. */
  public static final String NODE = "here";

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final Context threads;

  private static final class ThreadsVerticle extends VerticleBase {
    Context context() {
      return context;
    }
  }

  public TestingWorker() throws Exception {
    Codecs.register(vertx);
    var verticle = new ThreadsVerticle();
    var options = new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD);
    vertx.deployVerticle(verticle, options).await(10, SECONDS);
    threads = verticle.context();
  }

  public Vertx vertx() {
    return vertx;
  }

  /** An event loop for transfers. */
  public Context loop() {
    return loop;
  }

  /** A client of the node's stores. */
  public StoreClient stores() {
    return new StoreClient(vertx, NODE, Peers.NONE, IdleLimit.of(vertx, Duration.ofSeconds(10)));
  }

  /** Runs the work on one of the virtual threads, and returns its result or throws its failure. */
  public <T> T call(Callable<T> work) throws Exception {
    var done = Promise.<T>promise();
    threads.runOnContext(
        now -> {
          try {
            done.complete(work.call());
          } catch (Throwable failure) {
            done.fail(failure);
          }
        });
    return done.future().await(30, SECONDS);
  }

  /** A run of the task, whose progress goes nowhere. */
  public <T extends LeasedTask> TaskRun<T> run(T task) {
    return run(task, new FakeReports());
  }

  /** A run of the task. */
  public <T extends LeasedTask> TaskRun<T> run(T task, FakeReports reports) {
    var meters = new ImportMeters(new SimpleMeterRegistry());
    return new TaskRun<>(vertx, task, reports, new RunObservers(meters, Traces.OFF));
  }

  @Override
  public void close() throws TimeoutException {
    vertx.close().await(10, SECONDS);
  }
}
