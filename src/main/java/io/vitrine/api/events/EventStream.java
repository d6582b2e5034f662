package io.vitrine.api.events;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vitrine.catalog.events.ImageEvents;
import io.vitrine.catalog.events.UploadProgress;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.task.TaskView;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The changes of one image as Server-Sent Events: {@code image}, {@code task}, {@code progress} and
 * at last {@code end}. If the client reads too slowly, nothing more is queued for it; over HTTP/1.1
 * the idle timeout then closes the connection after the queue is sent.
 *
 * <p>Belongs to the event loop of its connection.
 */
final class EventStream implements EventFeed.Watcher {
  private static final Set<String> AT_WORK = Set.of("pending", "processing");
  private static final Set<ImageStatus> BUSY = Set.of(ImageStatus.SAVING, ImageStatus.IMPORTING);
  private static final Set<ImageStatus> FINAL =
      Set.of(
          ImageStatus.ACTIVE,
          ImageStatus.DEACTIVATED,
          ImageStatus.KILLED,
          ImageStatus.PENDING_DELETE,
          ImageStatus.DELETED);

  private final EventChannel channel;
  private final Caller caller;
  private final Image first;
  private final Map<UUID, JsonObject> tasks = new HashMap<>();
  private final Map<BlobRef.Purpose, JsonObject> uploads = new EnumMap<>(BlobRef.Purpose.class);
  private JsonObject image = new JsonObject();
  private boolean wasBusy;

  EventStream(HttpServerResponse response, Caller caller, Image first, Duration heartbeat) {
    this.channel = new EventChannel(response, heartbeat);
    this.caller = caller;
    this.first = first;
  }

  /** Sends the head and the current state. */
  void begin() {
    channel.begin();
    showImage(first);
  }

  @Override
  public void show(Optional<ImageEvents.Snapshot> now) {
    if (channel.isClosed()) {
      return;
    }
    if (now.isEmpty()) {
      channel.end("deleted");
      return;
    }
    var snapshot = now.get();
    if (!isForSameReaders(snapshot.image())) {
      channel.end("reconnect");
      return;
    }
    showImage(snapshot.image());
    snapshot.tasks().stream().filter(this::isVisible).forEach(this::showTask);
    snapshot.uploads().forEach(this::showProgress);
    boolean isAtWork = snapshot.tasks().stream().anyMatch(task -> AT_WORK.contains(task.status()));
    var status = snapshot.image().status();
    wasBusy |=
        isAtWork || BUSY.contains(status) || snapshot.tasks().stream().anyMatch(this::isNews);
    if (isAtWork || BUSY.contains(status)) {
      return;
    }
    if (FINAL.contains(status) || (wasBusy && status == ImageStatus.QUEUED)) {
      channel.end("final");
    }
  }

  @Override
  public void beat() {
    if (channel.isOld()) {
      channel.end("reconnect");
    } else if (channel.isSilent()) {
      channel.write(": still here\n\n");
    }
  }

  @Override
  public void close() {
    channel.end("reconnect");
  }

  /** Stops sending, as the connection is gone. */
  void forget() {
    channel.forget();
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
    var shown = EventBodies.state(now);
    if (!shown.equals(image)) {
      image = shown;
      send("image", shown);
    }
  }

  private void showTask(TaskView task) {
    var shown = EventBodies.task(task);
    if (!shown.equals(tasks.put(task.id(), shown))) {
      send("task", shown);
    }
  }

  private void showProgress(UploadProgress upload) {
    var shown = EventBodies.progress(upload);
    if (!shown.equals(uploads.put(upload.purpose(), shown))) {
      send("progress", shown);
    }
  }

  private void send(String event, JsonObject data) {
    channel.write(EventChannel.event(event, data));
  }
}
