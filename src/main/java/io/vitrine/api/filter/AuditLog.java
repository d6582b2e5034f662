package io.vitrine.api.filter;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.RefusedException;
import io.vitrine.api.request.Requests;
import io.vitrine.image.Caller;
import io.vitrine.transfer.bus.ProblemCodec;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs every change and every refusal: one JSON object a line, to a logger of its own. It writes
 * nothing from headers, bodies or queries, so no secret gets there.
 */
public final class AuditLog implements Handler<RoutingContext> {
  /** The key under which a request keeps its route's method and path. */
  static final String ACTION = "action";

  private static final String IS_USE = AuditLog.class.getName();
  private static final String TICKET = IS_USE + ".ticket";
  private static final Logger log = LoggerFactory.getLogger("audit");
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  @Override
  public void handle(RoutingContext context) {
    context.addEndHandler(
        ended -> {
          if (isNoted(context)) {
            log.info(entry(context, ended.succeeded()).encode());
          }
        });
    context.next();
  }

  /** Has a request logged even if it only reads: it uses a ticket, or tries to. */
  public static void noteUse(RoutingContext context) {
    context.put(IS_USE, true);
  }

  /** Names the ticket that a request makes, uses or ends. */
  public static void name(RoutingContext context, UUID ticket) {
    context.put(TICKET, ticket);
  }

  /** The ticket that a request names. */
  static Optional<UUID> ticket(RoutingContext context) {
    return Optional.ofNullable(context.get(TICKET));
  }

  /** Any other request that cannot change anything is logged only if it is refused. */
  private static boolean isNoted(RoutingContext context) {
    return isRefused(context)
        || context.get(IS_USE) != null
        || (context.get(ACTION) != null && !READING.contains(context.request().method().name()));
  }

  private static boolean isRefused(RoutingContext context) {
    int status = context.response().getStatusCode();
    return status == 401 || status == 403 || refusal(context) != null;
  }

  private static @Nullable RefusedException refusal(RoutingContext context) {
    return context.failure() != null
            && ProblemCodec.unwrap(context.failure()) instanceof RefusedException refused
        ? refused
        : null;
  }

  private static JsonObject entry(RoutingContext context, boolean isWhole) {
    int status = context.response().getStatusCode();
    var entry =
        new JsonObject()
            .put("request", Requests.requestId(context))
            .put("address", Requests.client(context));
    if (context.get(Requests.CALLER) instanceof Caller caller) {
      entry
          .put("user", caller.user())
          .put("project", caller.project())
          .put("roles", String.join(",", new TreeSet<>(caller.roles())));
    }
    entry.put("action", context.get(ACTION)).put("image", image(context));
    if (context.get(TICKET) instanceof UUID ticket) {
      entry.put("ticket", ticket.toString());
    }
    var refusal = refusal(context);
    if (refusal != null) {
      entry.put("rule", refusal.rule().text());
    }
    var outcome = isRefused(context) ? "denied" : isWhole && status < 400 ? "allowed" : "failed";
    return entry.put("outcome", outcome).put("status", status);
  }

  /** The image in the path, or the one that the request created. */
  private static @Nullable String image(RoutingContext context) {
    var made = context.response().headers().get(HttpHeaders.LOCATION);
    return context.pathParam("image") == null && made != null
        ? made.substring(made.lastIndexOf('/') + 1)
        : context.pathParam("image");
  }
}
