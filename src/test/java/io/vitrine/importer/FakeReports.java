package io.vitrine.importer;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.importer.run.ProgressReports;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the progress that users would see, until the lease is lost. */
public final class FakeReports implements ProgressReports {
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private volatile List<JsonObject> steps = List.of();
  private volatile boolean isLost;

  @Override
  public Future<Void> write(LeasedTask task, String message, JsonArray newSteps) {
    if (isLost) {
      return Future.failedFuture(ProblemException.gone("lost"));
    }
    messages.add(message);
    steps = newSteps.stream().map(JsonObject.class::cast).toList();
    return Future.succeededFuture();
  }

  /** Another worker takes the task over. */
  public void loseLease() {
    isLost = true;
  }

  /** All messages so far. */
  public List<String> messages() {
    return List.copyOf(messages);
  }

  /** The steps as last reported. */
  public List<JsonObject> steps() {
    return steps;
  }
}
