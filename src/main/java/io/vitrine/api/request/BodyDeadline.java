package io.vitrine.api.request;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Detects a client that stalls while it sends a body; a slow but steady one is fine. Time during
 * which this side applies back pressure does not count.
 */
public final class BodyDeadline {
  private static final int LOOKS = 10;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final BooleanSupplier isHeldBack;
  private final Runnable onStall;
  private final long timer;
  private long seenBytes;
  private int silentLooks;

  private BodyDeadline(
      RoutingContext context, Duration timeout, BooleanSupplier isHeldBack, Runnable onStall) {
    this.vertx = context.vertx();
    this.request = context.request();
    this.isHeldBack = isHeldBack;
    this.onStall = onStall;
    this.seenBytes = request.bytesRead();
    this.timer = vertx.setPeriodic(Math.max(1, timeout.toMillis() / LOOKS), tick -> look());
  }

  /**
   * Runs {@code onStall} once, when no byte arrives for {@code timeout} although it would be read.
   */
  public static BodyDeadline start(
      RoutingContext context, Duration timeout, BooleanSupplier isHeldBack, Runnable onStall) {
    return new BodyDeadline(context, timeout, isHeldBack, onStall);
  }

  /** Stops watching; {@code onStall} no longer runs. */
  public void stop() {
    vertx.cancelTimer(timer);
  }

  private void look() {
    if (request.isEnded() || request.response().closed()) {
      stop();
    } else if (request.bytesRead() != seenBytes || isHeldBack.getAsBoolean()) {
      seenBytes = request.bytesRead();
      silentLooks = 0;
    } else if (++silentLooks >= LOOKS) {
      stop();
      onStall.run();
    }
  }
}
