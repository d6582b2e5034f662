package io.vitrine.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;

/**
 * Refuses a request whose body has no known end, and the connection with it (RFC 9112 section 6.3):
 * a proxy in front might see another request where this server sees a body, or the other way.
 */
final class RequestFraming implements Handler<RoutingContext> {
  @Override
  public void handle(RoutingContext context) {
    var codings = context.request().headers().getAll(HttpHeaders.TRANSFER_ENCODING);
    if (codings.isEmpty() || (codings.size() == 1 && isChunked(codings.getFirst()))) {
      context.next();
      return;
    }
    context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    context.addEndHandler(ended -> context.request().connection().close());
    throw new ProblemException(
        new Problem.Invalid("The only Transfer-Encoding that is understood is chunked."));
  }

  private static boolean isChunked(String coding) {
    return coding.strip().equalsIgnoreCase("chunked");
  }
}
