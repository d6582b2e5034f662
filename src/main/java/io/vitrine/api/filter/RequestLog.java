package io.vitrine.api.filter;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.RequestTrace;
import io.vitrine.api.request.Requests;
import io.vitrine.net.address.ShownPath;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each request an id and logs one line when its answer is complete. */
public final class RequestLog implements Handler<RoutingContext> {
  private static final Logger log = LoggerFactory.getLogger(RequestLog.class);
  private static final String HEADER = "X-Openstack-Request-Id";
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x21-\\x7e]");

  private final int maxLength;

  /**
   * Creates the filter; a client's request id longer than {@code maxLength} characters is replaced.
   */
  public RequestLog(int maxLength) {
    this.maxLength = maxLength;
  }

  @Override
  public void handle(RoutingContext context) {
    if (context.get(Requests.REQUEST_ID) instanceof String known) {
      // The reroute has cleared the headers.
      context.response().putHeader(HEADER, known);
      context.next();
      return;
    }
    long start = System.nanoTime();
    var given = context.request().getHeader(HEADER);
    var id =
        given == null || given.isBlank() || given.length() > maxLength
            ? "req-" + UUID.randomUUID()
            : named(given);
    context.put(Requests.REQUEST_ID, id);
    context.response().putHeader(HEADER, id);
    context.addEndHandler(
        ended ->
            RequestTrace.span(context).run(() -> write(context, id, start, ended.succeeded())));
    if (given != null && given.length() > maxLength) {
      context.fail(431);
    } else {
      context.next();
    }
  }

  private static String named(String given) {
    var plain = UNPRINTABLE.matcher(given).replaceAll("_");
    return plain.startsWith("req-") ? plain : "req-" + plain;
  }

  private static void write(RoutingContext context, String id, long start, boolean isWhole) {
    var request = context.request();
    log.atInfo()
        .addKeyValue("request_id", id)
        .addKeyValue("client", Requests.client(context))
        .addKeyValue("method", request.method())
        .addKeyValue("path", ShownPath.of(request.path()))
        .addKeyValue("status", context.response().getStatusCode())
        .addKeyValue("in", request.bytesRead())
        .addKeyValue("out", context.response().bytesWritten())
        .addKeyValue("ms", (System.nanoTime() - start) / 1_000_000)
        .log(isWhole ? "answered" : "broken");
  }
}
