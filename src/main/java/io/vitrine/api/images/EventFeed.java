package io.vitrine.api.images;

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
 * Looks at all images that somebody watches through this node, in one go and once in a while; so
 * whatever node changes them, and however many watch, the database is asked the same. One for all
 * event loops.
 */
public final class EventFeed {
  private final Vertx vertx;
  private final ImageEvents images;
  private final Limits limits;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private long timer = -1;
  private boolean isAsking;

  /**
   * How many may watch, and how often is looked.
   *
   * @param perNode streams of this node at the same time
   * @param perClient streams of one address at the same time
   * @param pollMillis between two looks
   */
  public record Limits(int perNode, int perClient, long pollMillis) {}

  /** Who is told, on the event loop that the watch began on. */
  interface Watcher {
    /** What the image is like now; empty: it is not there any more. */
    void show(Optional<ImageEvents.Snapshot> now);

    /** Comes as often as is looked, whether or not the database answers. */
    void beat();

    /** There will be no more. */
    void close();
  }

  /** A watch over an image. */
  private record Watch(ImageId image, String client, Context context, Watcher watcher) {}

  /** A feed that rests while nobody watches. */
  public EventFeed(Vertx vertx, ImageEvents images, Limits limits) {
    this.vertx = vertx;
    this.images = images;
    this.limits = limits;
  }

  /** Whether another stream may begin. */
  enum Admission {
    YES,
    TOO_MANY_OF_CLIENT,
    TOO_MANY
  }

  /** Begins to watch an image, unless too many do. */
  synchronized Admission watch(ImageId image, String client, Watcher watcher) {
    if (watches.size() >= limits.perNode) {
      return Admission.TOO_MANY;
    }
    if (watches.stream().filter(each -> each.client.equals(client)).count() >= limits.perClient) {
      return Admission.TOO_MANY_OF_CLIENT;
    }
    watches.add(new Watch(image, client, vertx.getOrCreateContext(), watcher));
    if (timer < 0) {
      timer = vertx.setPeriodic(limits.pollMillis, tick -> look());
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
