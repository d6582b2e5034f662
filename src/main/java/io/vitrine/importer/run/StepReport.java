package io.vitrine.importer.run;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A step of a task as users see it: its progress, rate and outcome. */
final class StepReport {
  /** The weight of the newest rate in the moving average: the last few seconds dominate. */
  private static final double NEWEST = 0.3;

  private static final double NANOS = 1e9;

  private final StepMeter meter;
  private final long startNanos;
  private long seenBytes;
  private long seenNanos;
  private double bytesPerSecond;
  private State state = State.RUNNING;
  private @Nullable String reason;

  /** The states of a step. */
  enum State {
    RUNNING,
    DONE,
    FAILED
  }

  StepReport(StepMeter meter, long nowNanos) {
    this.meter = meter;
    this.startNanos = nowNanos;
    this.seenNanos = nowNanos;
  }

  StepMeter meter() {
    return meter;
  }

  boolean isRunning() {
    return state == State.RUNNING;
  }

  /** Updates the progress and returns the bytes processed since the last update. */
  long measure(long nowNanos) {
    long bytes = meter.doneBytes();
    long more = bytes - seenBytes;
    double seconds = (nowNanos - seenNanos) / NANOS;
    if (seconds > 0) {
      double rate = more / seconds;
      bytesPerSecond = seenBytes == 0 ? rate : NEWEST * rate + (1 - NEWEST) * bytesPerSecond;
      seenNanos = nowNanos;
    }
    seenBytes = bytes;
    return more;
  }

  /** Ends the step; its rate is now the average of the whole step. Returns as {@link #measure}. */
  long end(State end, Optional<String> why, long nowNanos) {
    long more = measure(nowNanos);
    state = end;
    reason = why.orElse(null);
    bytesPerSecond = seenBytes / Math.max(1 / NANOS, (nowNanos - startNanos) / NANOS);
    return more;
  }

  /** The form in the API: rate in bytes per second, eta and seconds in seconds. */
  JsonObject toJson() {
    var total = meter.totalBytes();
    var json =
        new JsonObject()
            .put("step", meter.step().key())
            .put("store", meter.store().orElse(null))
            .put("status", state.name().toLowerCase(Locale.ROOT))
            .put("bytes", seenBytes)
            .put("total", total.isPresent() ? total.getAsLong() : null)
            .put("percent", percent(total))
            .put("rate", Math.round(bytesPerSecond))
            .put("eta", isRunning() ? eta(total) : null)
            .put("seconds", Math.round((seenNanos - startNanos) / NANOS));
    if (reason != null) {
      json.put("reason", reason);
    }
    return json;
  }

  private @Nullable Long percent(OptionalLong total) {
    if (total.isPresent()) {
      return StepMeter.percent(seenBytes, total.getAsLong());
    }
    return state == State.DONE ? 100L : null;
  }

  private @Nullable Long eta(OptionalLong total) {
    return total.isPresent() && bytesPerSecond >= 1
        ? Math.round(Math.ceil(Math.max(0, total.getAsLong() - seenBytes) / bytesPerSecond))
        : null;
  }
}
