package io.vitrine.api.events;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vitrine.catalog.events.ImageEvents;
import io.vitrine.image.ImageId;
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
final class EventFeed {
  private static final long POLL_MILLIS = 1000;

  private final Vertx vertx;
  private final ImageEvents images;
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
  private record Watch(ImageId image, Context context, Watcher watcher) {}

  /** A feed; it polls only while there are watchers. */
  EventFeed(Vertx vertx, ImageEvents images) {
    this.vertx = vertx;
    this.images = images;
  }

  /** Starts to watch an image. */
  synchronized void watch(ImageId image, Watcher watcher) {
    watches.add(new Watch(image, vertx.getOrCreateContext(), watcher));
    if (timer < 0) {
      timer = vertx.setPeriodic(POLL_MILLIS, tick -> look());
    }
  }

  synchronized void leave(Watcher watcher) {
    watches.removeIf(each -> each.watcher.equals(watcher));
    if (watches.isEmpty() && timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }

  /** Ends all streams. */
  void close() {
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
