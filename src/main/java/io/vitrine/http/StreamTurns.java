package io.vitrine.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Has only some requests of a connection of HTTP/2 worked on at the same time, until their answers
 * begin; further ones wait, so that a connection with many streams takes no more of the database
 * than a few clients of HTTP/1.1 do. Uploads are counted elsewhere. Belongs to one event loop.
 */
final class StreamTurns implements Handler<RoutingContext> {
  private static final int AT_ONCE = 16;

  private final Map<HttpConnection, Line> lines = new HashMap<>();

  /** The requests of one connection. */
  private static final class Line {
    private final Queue<RoutingContext> waiting = new ArrayDeque<>();
    private int working;
  }

  @Override
  public void handle(RoutingContext context) {
    boolean isUpload = context.get(Endpoints.BODY) != null;
    if (isUpload || context.request().version() != HttpVersion.HTTP_2) {
      context.next();
      return;
    }
    var connection = context.request().connection();
    var line = lines.computeIfAbsent(connection, first -> new Line());
    if (line.working < AT_ONCE) {
      new Turn(connection, line).take(context);
    } else {
      line.waiting.add(context);
      context.addEndHandler(ended -> line.waiting.remove(context));
    }
  }

  /** A request being worked on. */
  private final class Turn {
    private final HttpConnection connection;
    private final Line line;
    private boolean isOver;

    private Turn(HttpConnection connection, Line line) {
      this.connection = connection;
      this.line = line;
    }

    private void take(RoutingContext context) {
      line.working++;
      context.addHeadersEndHandler(answering -> end());
      context.addEndHandler(ended -> end());
      context.next();
    }

    private void end() {
      if (isOver) {
        return;
      }
      isOver = true;
      line.working--;
      var next = line.waiting.poll();
      if (next != null) {
        new Turn(connection, line).take(next);
      } else if (line.working == 0) {
        lines.remove(connection);
      }
    }
  }
}
