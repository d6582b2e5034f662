package io.vitrine.api.filter;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;

/**
 * Limits the requests in progress, in total and for each connection, until their answers begin.
 * Further requests queue, and connections take turns, so one with many streams cannot keep others
 * from the database. A request stops counting after a while, since it then waits for something
 * else. Uploads are counted elsewhere. Belongs to one event loop.
 */
final class RequestTurns implements Handler<RoutingContext> {
  static final int AT_ONCE = 32;
  static final int AT_ONCE_OF_CONNECTION = 8;

  private final LinkedHashMap<HttpConnection, Queue<Waiting>> lines = new LinkedHashMap<>();
  private final Map<HttpConnection, Integer> busy = new HashMap<>();
  private final Duration patience;
  private int working;

  /** Requests count for at most a second. */
  RequestTurns() {
    this(Duration.ofSeconds(1));
  }

  /** Requests count for at most this long. */
  RequestTurns(Duration patience) {
    this.patience = patience;
  }

  /** A queued request and the context to resume it on. */
  private record Waiting(RoutingContext request, Context context) {}

  @Override
  public void handle(RoutingContext context) {
    if (context.get(Endpoints.BODY) != null) {
      context.next();
    } else if (hasRoom(context.request().connection())) {
      new Turn().begin(context);
      context.next();
    } else {
      line(context);
    }
  }

  private boolean hasRoom(HttpConnection connection) {
    return working < AT_ONCE && busy.getOrDefault(connection, 0) < AT_ONCE_OF_CONNECTION;
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
    lines.keySet().stream().filter(this::hasRoom).findFirst().ifPresent(this::take);
  }

  private void take(HttpConnection connection) {
    var line = Objects.requireNonNull(lines.remove(connection));
    var next = line.remove();
    if (!line.isEmpty()) {
      lines.putLast(connection, line);
    }
    new Turn().begin(next.request());
    next.context().runOnContext(later -> next.request().next());
  }

  /** The turn of one request in progress. */
  private final class Turn {
    private boolean isOver;

    private void begin(RoutingContext context) {
      var connection = context.request().connection();
      working++;
      busy.merge(connection, 1, Integer::sum);
      var vertx = context.vertx();
      long timer = vertx.setTimer(patience.toMillis(), late -> end(connection));
      context.addHeadersEndHandler(answering -> end(connection));
      context.addEndHandler(
          ended -> {
            vertx.cancelTimer(timer);
            end(connection);
          });
    }

    private void end(HttpConnection connection) {
      if (!isOver) {
        isOver = true;
        working--;
        busy.computeIfPresent(connection, (same, count) -> count == 1 ? null : count - 1);
        takeNext();
      }
    }
  }
}
