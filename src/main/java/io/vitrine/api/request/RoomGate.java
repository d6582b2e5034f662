package io.vitrine.api.request;

import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Takes room for each request; without room the request is refused. Belongs to one event loop. */
public final class RoomGate implements Handler<RoutingContext> {
  /**
   * The concurrent streams of an HTTP/2 connection. A client that opens more ignores the announced
   * limit, so its connection is closed.
   */
  private static final int MAX_STREAMS = 128;

  private static final long ENHANCE_YOUR_CALM = 11;
  private static final String HOLD = RoomGate.class.getName();
  private static final String RETRY_SECONDS = "1";

  private final AnswerRoom room;
  private final Map<HttpConnection, Integer> streams = new HashMap<>();

  /** Creates the filter over a budget that all event loops share. */
  public RoomGate(AnswerRoom room) {
    this.room = room;
  }

  @Override
  public void handle(RoutingContext context) {
    // A rerouted request passes twice.
    if (hold(context).isPresent()) {
      context.next();
      return;
    }
    if (context.request().version() == HttpVersion.HTTP_2 && !enter(context)) {
      context.request().connection().goAway(ENHANCE_YOUR_CALM);
      context.request().connection().close();
      return;
    }
    var hold = room.take(Requests.client(context));
    if (hold.isEmpty()) {
      refuse(context);
      return;
    }
    context.put(HOLD, hold.get());
    context.addEndHandler(ended -> hold.get().release());
    context.next();
  }

  private boolean enter(RoutingContext context) {
    var connection = context.request().connection();
    if (streams.getOrDefault(connection, 0) >= MAX_STREAMS) {
      return false;
    }
    streams.merge(connection, 1, Integer::sum);
    context.addEndHandler(
        ended ->
            streams.computeIfPresent(connection, (same, count) -> count == 1 ? null : count - 1));
    return true;
  }

  /** The room of a request; empty where requests are not counted. */
  public static Optional<AnswerRoom.Hold> hold(RoutingContext context) {
    return Optional.ofNullable(context.get(HOLD));
  }

  /**
   * Takes room for so many bytes of an answer; if there is none, refuses the request and answers
   * false.
   */
  public static boolean resize(RoutingContext context, long bytes) {
    boolean fits =
        hold(context).map(hold -> hold.resize(AnswerRoom.REQUEST_BYTES + bytes)).orElse(true);
    if (!fits) {
      refuse(context);
    }
    return fits;
  }

  private static void refuse(RoutingContext context) {
    context.response().putHeader("Retry-After", RETRY_SECONDS);
    context.fail(unavailable("There are too many requests; try again later."));
  }
}
