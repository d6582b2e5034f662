package io.vitrine.api.events;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.catalog.events.ImageEvents;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.task.TaskView;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The changes of one image as Server-Sent Events: {@code image}, {@code task} and at last {@code
 * end}. If the client reads too slowly, nothing more is queued for it; over HTTP/1.1 the idle
 * timeout then closes the connection after the queue is sent.
 *
 * <p>Belongs to the event loop of its connection.
 */
final class EventStream implements EventFeed.Watcher {
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Set<String> AT_WORK = Set.of("pending", "processing");
  private static final Set<ImageStatus> BUSY = Set.of(ImageStatus.SAVING, ImageStatus.IMPORTING);
  private static final Set<ImageStatus> FINAL =
      Set.of(
          ImageStatus.ACTIVE,
          ImageStatus.DEACTIVATED,
          ImageStatus.KILLED,
          ImageStatus.PENDING_DELETE,
          ImageStatus.DELETED);

  private final HttpServerResponse response;
  private final Caller caller;
  private final Image first;
  private final long heartbeatNanos;
  private final long beganNanos = System.nanoTime();
  private final Map<UUID, JsonObject> tasks = new HashMap<>();
  private JsonObject image = new JsonObject();
  private long writtenNanos = System.nanoTime();
  private boolean wasBusy;
  private boolean isClosed;

  EventStream(HttpServerResponse response, Caller caller, Image first, Duration heartbeat) {
    this.response = response;
    this.caller = caller;
    this.first = first;
    this.heartbeatNanos = heartbeat.toNanos();
  }

  /** Sends the head and the current state. */
  void begin() {
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        // Otherwise nginx buffers events until its buffer is full.
        .putHeader("X-Accel-Buffering", "no");
    showImage(first);
  }

  @Override
  public void show(Optional<ImageEvents.Snapshot> now) {
    if (isClosed) {
      return;
    }
    if (now.isEmpty()) {
      end("deleted");
      return;
    }
    var snapshot = now.get();
    if (!isForSameReaders(snapshot.image())) {
      end("reconnect");
      return;
    }
    showImage(snapshot.image());
    snapshot.tasks().stream().filter(this::isVisible).forEach(this::showTask);
    boolean isAtWork = snapshot.tasks().stream().anyMatch(task -> AT_WORK.contains(task.status()));
    var status = snapshot.image().status();
    wasBusy |=
        isAtWork || BUSY.contains(status) || snapshot.tasks().stream().anyMatch(this::isNews);
    if (isAtWork || BUSY.contains(status)) {
      return;
    }
    if (FINAL.contains(status) || (wasBusy && status == ImageStatus.QUEUED)) {
      end("final");
    }
  }

  @Override
  public void beat() {
    if (System.nanoTime() - beganNanos > LONGEST.toNanos()) {
      // Reconnecting makes the client authenticate again.
      end("reconnect");
    } else if (System.nanoTime() - writtenNanos >= heartbeatNanos) {
      write(": still here\n\n");
    }
  }

  @Override
  public void close() {
    end("reconnect");
  }

  /** Stops sending, as the connection is gone. */
  void forget() {
    isClosed = true;
  }

  private boolean isForSameReaders(Image now) {
    return now.visibility() == first.visibility() && Objects.equals(now.owner(), first.owner());
  }

  /**
   * Whether a task has changed since the stream began; it may begin and end between two polls. The
   * first snapshot of the image reflects earlier tasks.
   */
  private boolean isNews(TaskView task) {
    return task.updatedAt().isAfter(first.updatedAt());
  }

  private boolean isVisible(TaskView task) {
    return caller.isAdmin() || Objects.equals(task.owner(), caller.project());
  }

  private void showImage(Image now) {
    var shown =
        new JsonObject()
            .put("id", now.id().toString())
            .put("status", now.status().text())
            .put("size", now.size())
            .put("virtual_size", now.virtualSize())
            .put("disk_format", now.diskFormat())
            .put("stores", String.join(",", now.stores()))
            .put("os_glance_importing_to_stores", stores(now, "os_glance_importing_to_stores"))
            .put("os_glance_failed_import", stores(now, "os_glance_failed_import"));
    if (!shown.equals(image)) {
      image = shown;
      send("image", shown);
    }
  }

  private static String stores(Image image, String property) {
    return Objects.requireNonNullElse(image.properties().get(property), "");
  }

  private void showTask(TaskView task) {
    var shown =
        new JsonObject()
            .put("id", task.id().toString())
            .put("type", task.type())
            .put("status", task.status())
            .put("message", task.message())
            .put("progress", new JsonArray(task.progress()));
    if (!shown.equals(tasks.put(task.id(), shown))) {
      send("task", shown);
    }
  }

  private void send(String event, JsonObject data) {
    write("event: " + event + "\ndata: " + data.encode() + "\n\n");
  }

  private void write(String text) {
    if (isClosed) {
      return;
    }
    if (response.writeQueueFull()) {
      isClosed = true;
      response.reset();
      return;
    }
    writtenNanos = System.nanoTime();
    var _ = response.write(text);
  }

  private void end(String reason) {
    if (!isClosed) {
      send("end", new JsonObject().put("reason", reason));
    }
    if (!isClosed) {
      isClosed = true;
      var _ = response.end();
    }
  }
}
