package io.vitrine.http;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Queue;

/**
 * Has only so many requests worked on at the same time, until their answers begin. Further ones
 * wait, and connections take turns, so that one with many streams keeps no other from the database.
 * A request that takes long no longer counts, for then it waits for something else. Uploads are
 * counted elsewhere. Belongs to one event loop.
 */
final class RequestTurns implements Handler<RoutingContext> {
  private static final int AT_ONCE = 32;
  private static final long LONG_MILLIS = 1000;

  private final LinkedHashMap<HttpConnection, Queue<Waiting>> lines = new LinkedHashMap<>();
  private int working;

  /** A request, to go on where it stopped. */
  private record Waiting(RoutingContext request, Context context) {}

  @Override
  public void handle(RoutingContext context) {
    if (context.get(Endpoints.BODY) != null) {
      context.next();
    } else if (working < AT_ONCE) {
      new Turn().begin(context);
      context.next();
    } else {
      line(context);
    }
  }

  private void line(RoutingContext context) {
    var connection = context.request().connection();
    var waiting = new Waiting(context, context.vertx().getOrCreateContext());
    lines.computeIfAbsent(connection, first -> new ArrayDeque<>()).add(waiting);
    context.addEndHandler(
        ended ->
            lines.computeIfPresent(
                connection, (same, line) -> line.remove(waiting) && line.isEmpty() ? null : line));
  }

  private void takeNext() {
    var first = lines.pollFirstEntry();
    if (first == null) {
      return;
    }
    var next = first.getValue().remove();
    if (!first.getValue().isEmpty()) {
      lines.putLast(first.getKey(), first.getValue());
    }
    new Turn().begin(next.request());
    next.context().runOnContext(later -> next.request().next());
  }

  /** A request being worked on. */
  private final class Turn {
    private boolean isOver;

    private void begin(RoutingContext context) {
      working++;
      var vertx = context.vertx();
      long timer = vertx.setTimer(LONG_MILLIS, late -> end());
      context.addHeadersEndHandler(answering -> end());
      context.addEndHandler(
          ended -> {
            vertx.cancelTimer(timer);
            end();
          });
    }

    private void end() {
      if (!isOver) {
        isOver = true;
        working--;
        takeNext();
      }
    }
  }
}
