package io.vitrine.api.events;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vitrine.catalog.events.ImageEvents;
import io.vitrine.image.ImageId;
import io.vitrine.net.listener.LimitsConfig;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Polls, in one query, all images that are watched through this node. The load on the database does
 * not depend on the number of watchers, and a change is seen whichever node made it. Shared by all
 * event loops.
 */
public final class EventFeed {
  private static final long POLL_MILLIS = 1000;

  private final Vertx vertx;
  private final ImageEvents images;
  private final LimitsConfig limits;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private long timer = -1;
  private boolean isAsking;

  /** A receiver of events, called on the event loop that it registered on. */
  interface Watcher {
    /** Passes the current state of the image; empty: it no longer exists. */
    void show(Optional<ImageEvents.Snapshot> now);

    /** Called at every poll, whether or not the database answers. */
    void beat();

    /** Called when no more events will come. */
    void close();
  }

  /** A watch over an image. */
  private record Watch(ImageId image, String client, Context context, Watcher watcher) {}

  /** A feed; it polls only while there are watchers. */
  public EventFeed(Vertx vertx, ImageEvents images, LimitsConfig limits) {
    this.vertx = vertx;
    this.images = images;
    this.limits = limits;
  }

  /** The reply to a request for another stream. */
  enum Admission {
    YES,
    TOO_MANY_OF_CLIENT,
    TOO_MANY
  }

  /** Starts to watch an image, unless a limit is reached. */
  synchronized Admission watch(ImageId image, String client, Watcher watcher) {
    if (watches.size() >= limits.maxEventStreams()) {
      return Admission.TOO_MANY;
    }
    if (watches.stream().filter(each -> each.client.equals(client)).count()
        >= limits.maxEventStreamsPerClient()) {
      return Admission.TOO_MANY_OF_CLIENT;
    }
    watches.add(new Watch(image, client, vertx.getOrCreateContext(), watcher));
    if (timer < 0) {
      timer = vertx.setPeriodic(POLL_MILLIS, tick -> look());
    }
    return Admission.YES;
  }

  synchronized void leave(Watcher watcher) {
    watches.removeIf(each -> each.watcher.equals(watcher));
    if (watches.isEmpty() && timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }

  /** Ends all streams. */
  public void close() {
    watches.forEach(each -> each.context.runOnContext(later -> each.watcher.close()));
  }

  private synchronized void look() {
    watches.forEach(each -> each.context.runOnContext(later -> each.watcher.beat()));
    if (isAsking || watches.isEmpty()) {
      return;
    }
    isAsking = true;
    var asked = watches.stream().map(Watch::image).collect(Collectors.toUnmodifiableSet());
    images.of(asked).onComplete(found -> tell(asked, found));
  }

  private synchronized void tell(
      Set<ImageId> asked, AsyncResult<Map<ImageId, ImageEvents.Snapshot>> found) {
    isAsking = false;
    if (found.failed()) {
      return;
    }
    for (var each : watches) {
      if (asked.contains(each.image)) {
        var now = Optional.ofNullable(found.result().get(each.image));
        each.context.runOnContext(later -> each.watcher.show(now));
      }
    }
  }
}
