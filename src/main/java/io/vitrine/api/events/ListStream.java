package io.vitrine.api.events;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.request.Access;
import io.vitrine.catalog.events.ImageChanges.Change;
import io.vitrine.image.Caller;
import io.vitrine.image.ImageId;
import io.vitrine.image.Visibility;
import io.vitrine.image.task.TaskView;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The changes of all images that a caller would find in a list, as Server-Sent Events: {@code
 * start} or {@code reset}, {@code image}, {@code deleted}, {@code task}, {@code progress} and
 * {@code end}. A client that reads too slowly falls behind and is told later how things are then.
 *
 * <p>Belongs to the event loop of its connection, but for its place.
 */
final class ListStream {
  private final EventChannel channel;
  private final Caller caller;
  private final Access access;
  private volatile Place place;

  /**
   * How much a stream has told.
   *
   * @param until up to when it has told everything; empty if it has not begun
   * @param isBehind whether it has missed the last look
   */
  record Place(Optional<Instant> until, boolean isBehind) {}

  /**
   * A stream that has not begun.
   *
   * @param until up to when the client knows everything
   */
  ListStream(EventChannel channel, Caller caller, Access access, Optional<Instant> until) {
    this.channel = channel;
    this.caller = caller;
    this.access = access;
    this.place = new Place(until, true);
  }

  /** Where the stream is; may be asked on any thread. */
  Place place() {
    return place;
  }

  /** Sends the head. */
  void begin() {
    channel.begin();
    channel.write(": connected\n\n");
  }

  /** Tells news, unless the client still has to read earlier ones. */
  void tell(News news) {
    var before = place;
    if (before.isBehind() && news.kind() == News.Kind.LIVE) {
      return;
    }
    if (channel.isFull()) {
      place = new Place(before.until(), true);
      return;
    }
    var text = text(news);
    if (!text.isEmpty()) {
      // An id without data makes no event, but is what the client asks to go on after.
      channel.write(text + "id: " + EventId.of(news.now()) + "\n\n");
    }
    place = new Place(Optional.of(news.now()), false);
  }

  private String text(News news) {
    var text = new StringBuilder();
    switch (news.kind()) {
      case START -> text.append(EventChannel.event("start", new JsonObject()));
      case RESET -> text.append(EventChannel.event("reset", new JsonObject()));
      case LIVE, CAUGHT_UP -> {}
    }
    news.changed().stream()
        .flatMap(image -> seen(news, image).stream())
        .map(ListStream::changed)
        .forEach(text::append);
    news.tasks().stream()
        .filter(task -> isOwn(task) && seen(news, task.image()).isPresent())
        .map(ListStream::task)
        .forEach(text::append);
    news.uploads().stream()
        .filter(upload -> seen(news, upload.image()).isPresent())
        .map(upload -> EventChannel.event("progress", EventBodies.progress(upload)))
        .forEach(text::append);
    return text.toString();
  }

  private static String changed(Change change) {
    var image = change.image();
    return change.isDeleted()
        ? EventChannel.event("deleted", new JsonObject().put("id", image.id().toString()))
        : EventChannel.event("image", EventBodies.listed(image));
  }

  private static String task(TaskView task) {
    return EventChannel.event(
        "task", EventBodies.task(task).put("image_id", String.valueOf(task.image())));
  }

  private boolean isOwn(TaskView task) {
    return caller.isAdmin() || Objects.equals(task.owner(), caller.project());
  }

  private Optional<Change> seen(News news, @Nullable ImageId image) {
    return Optional.ofNullable(image)
        .flatMap(id -> Optional.ofNullable(news.images().get(id)))
        .filter(this::isListed);
  }

  /** Whether the image would be in the caller's list. */
  private boolean isListed(Change change) {
    var image = change.image();
    var project = caller.project();
    boolean isWanted =
        image.visibility() != Visibility.COMMUNITY || caller.isAdmin() || caller.owns(image);
    return isWanted
        && caller.sees(image, project != null && change.members().contains(project))
        && access.maySee(caller, image);
  }

  /** Called once a second. */
  void beat() {
    if (channel.isOld()) {
      channel.end("reconnect");
    } else if (channel.isSilent() && !channel.isFull()) {
      var id = place.until().map(until -> "id: " + EventId.of(until) + "\n").orElse("");
      channel.write(id + ": still here\n\n");
    }
  }

  /** Stops sending, as the connection is gone. */
  void forget() {
    channel.forget();
  }

  /** Called when no more news will come. */
  void close() {
    channel.end("reconnect");
  }
}
