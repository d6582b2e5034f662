package io.vitrine.api.filter;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Requests;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Limits the concurrent uploads of each client. Shared by all event loops. */
public final class UploadLimit implements Handler<RoutingContext> {
  private static final String RETRY_SECONDS = "10";

  private final int most;
  private final ConcurrentMap<String, Integer> uploads = new ConcurrentHashMap<>();

  /**
   * Creates the limit.
   *
   * @param most concurrent uploads from one address; 0: unlimited
   */
  public UploadLimit(int most) {
    this.most = most;
  }

  @Override
  public void handle(RoutingContext context) {
    if (most == 0) {
      context.next();
      return;
    }
    var client = Requests.client(context);
    if (uploads.merge(client, 1, Integer::sum) > most) {
      leave(client);
      context.response().putHeader("Retry-After", RETRY_SECONDS);
      context.fail(429);
    } else {
      // A client that has its answer may send the next request before this side sees the answer
      // end.
      var holding = new AtomicBoolean(true);
      Runnable leave =
          () -> {
            if (holding.getAndSet(false)) {
              leave(client);
            }
          };
      context.addHeadersEndHandler(answering -> leave.run());
      context.addEndHandler(ended -> leave.run());
      context.next();
    }
  }

  private void leave(String client) {
    uploads.computeIfPresent(client, (same, count) -> count == 1 ? null : count - 1);
  }
}
