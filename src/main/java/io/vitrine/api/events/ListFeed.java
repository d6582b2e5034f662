package io.vitrine.api.events;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks for the changes of all images once a second and tells them to all streams of lists. The
 * load on the database does not depend on the number of streams, and a change is seen whichever
 * node made it. Shared by all event loops.
 */
final class ListFeed {
  private static final long POLL_MILLIS = 1000;

  private final Vertx vertx;
  private final Feeds.Sources sources;
  private final Map<ListStream, Context> streams = new ConcurrentHashMap<>();
  private LookMemory memory = new LookMemory();
  private Optional<Instant> lastLook = Optional.empty();
  private long timer = -1;
  private boolean isAsking;

  /** A feed; it looks only while there are streams. */
  ListFeed(Vertx vertx, Feeds.Sources sources) {
    this.vertx = vertx;
    this.sources = sources;
  }

  synchronized void watch(ListStream stream) {
    streams.put(stream, vertx.getOrCreateContext());
    if (timer < 0) {
      timer = vertx.setPeriodic(1, POLL_MILLIS, tick -> look());
    }
  }

  synchronized void leave(ListStream stream) {
    streams.remove(stream);
    if (streams.isEmpty() && timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
      memory = new LookMemory();
      lastLook = Optional.empty();
    }
  }

  /** Ends all streams. */
  void close() {
    streams.forEach((stream, context) -> context.runOnContext(later -> stream.close()));
  }

  private synchronized void look() {
    streams.forEach((stream, context) -> context.runOnContext(later -> stream.beat()));
    if (isAsking || streams.isEmpty()) {
      return;
    }
    isAsking = true;
    var places = new HashMap<ListStream, ListStream.Place>();
    streams.keySet().forEach(stream -> places.put(stream, stream.place()));
    var since = since(places);
    var ofLook = memory;
    sources
        .changes()
        .since(since)
        .compose(recent -> read(new Look(since, recent, ofLook, places)))
        .onComplete(this::settle);
  }

  /** From when on there is something that a stream has to be told, but at most a day ago. */
  private Instant since(Map<ListStream, ListStream.Place> places) {
    var live = lastLook.orElseGet(Instant::now);
    return places.values().stream()
        .filter(ListStream.Place::isBehind)
        .flatMap(place -> place.until().stream())
        .filter(until -> until.isBefore(live) && until.isAfter(live.minus(Look.LONGEST)))
        .min(Instant::compareTo)
        .orElse(live);
  }

  private Future<Look.Result> read(Look look) {
    var changes = sources.changes();
    return Future.all(changes.tasks(look.since(), look.changed()), sources.progress().all())
        .map(found -> new Look.Result(look, found.resultAt(0), found.resultAt(1)))
        .compose(result -> changes.read(result.images()).map(images -> result.of(images)));
  }

  private synchronized void settle(AsyncResult<Look.Result> done) {
    isAsking = false;
    if (done.failed()) {
      return;
    }
    var result = done.result();
    streams.forEach(
        (stream, context) ->
            result
                .newsFor(stream)
                .ifPresent(news -> context.runOnContext(later -> stream.tell(news))));
    result.remember();
    if (!streams.isEmpty()) {
      lastLook = Optional.of(result.now());
    }
  }
}
