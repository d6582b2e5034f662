package io.vitrine.api.events;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * The answer that carries events, as Server-Sent Events. Nothing is written after its end.
 *
 * <p>Belongs to the event loop of its connection.
 */
final class EventChannel {
  private static final Duration LONGEST = Duration.ofHours(1);

  private final HttpServerResponse response;
  private final long heartbeatNanos;
  private final long beganNanos = System.nanoTime();
  private long writtenNanos = System.nanoTime();
  private boolean isClosed;

  EventChannel(HttpServerResponse response, Duration heartbeat) {
    this.response = response;
    this.heartbeatNanos = heartbeat.toNanos();
  }

  /** Sends the head. */
  void begin() {
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        // Otherwise nginx buffers events until its buffer is full.
        .putHeader("X-Accel-Buffering", "no");
  }

  /** The text of an event. */
  static String event(String name, JsonObject data) {
    return "event: " + name + "\ndata: " + data.encode() + "\n\n";
  }

  /** Whether the client reads too slowly to be told more. */
  boolean isFull() {
    return response.writeQueueFull();
  }

  /** Whether nothing more can be sent. */
  boolean isClosed() {
    return isClosed;
  }

  /** Whether a client, or what is between, might think that the connection is dead. */
  boolean isSilent() {
    return System.nanoTime() - writtenNanos >= heartbeatNanos;
  }

  /** Whether the client has to authenticate again, by another request. */
  boolean isOld() {
    return System.nanoTime() - beganNanos > LONGEST.toNanos();
  }

  /** Sends text; cuts the connection of a client that reads too slowly. */
  void write(String text) {
    if (isClosed) {
      return;
    }
    if (isFull()) {
      isClosed = true;
      response.reset();
      return;
    }
    writtenNanos = System.nanoTime();
    var _ = response.write(text);
  }

  /** Sends a last event with the reason, and ends the answer. */
  void end(String reason) {
    write(event("end", new JsonObject().put("reason", reason)));
    if (!isClosed) {
      isClosed = true;
      var _ = response.end();
    }
  }

  /** Stops sending, as the connection is gone. */
  void forget() {
    isClosed = true;
  }
}
