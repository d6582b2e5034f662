package io.vitrine.api.events;

import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.Requests;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.image.Image;
import java.time.Duration;

/** Streams the changes of an image as they happen: {@code GET /v2/images/{id}/events}. */
public final class EventsHandler {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final String RETRY_SECONDS = "10";

  private final ImageCatalog catalog;
  private final Access access;
  private final EventFeed feed;
  private final Duration heartbeat;

  /**
   * Creates the handler over a feed.
   *
   * @param idleTimeout the time after which the server closes an idle connection
   */
  public EventsHandler(ImageCatalog catalog, Access access, EventFeed feed, Duration idleTimeout) {
    this.catalog = catalog;
    this.access = access;
    this.feed = feed;
    var often = idleTimeout.dividedBy(2);
    heartbeat = often.compareTo(HEARTBEAT) < 0 ? often : HEARTBEAT;
  }

  /** {@code GET /v2/images/{id}/events}; 404 if the caller does not see the image. */
  public void ofImage(RoutingContext context) {
    var caller = Requests.caller(context);
    catalog
        .get(Requests.imageId(context), caller)
        .map(access.permit(caller, Rule.GET_IMAGE)::require)
        .onSuccess(image -> begin(context, image))
        .onFailure(context::fail);
  }

  private void begin(RoutingContext context, Image image) {
    var stream = new EventStream(context.response(), Requests.caller(context), image, heartbeat);
    switch (feed.watch(image.id(), Requests.client(context), stream)) {
      case YES -> {
        context.addEndHandler(
            ended -> {
              stream.forget();
              feed.leave(stream);
            });
        stream.begin();
      }
      case TOO_MANY_OF_CLIENT -> refuse(context, 429);
      case TOO_MANY -> refuse(context, 503);
    }
  }

  private static void refuse(RoutingContext context, int status) {
    context.response().putHeader("Retry-After", RETRY_SECONDS);
    context.fail(status);
  }
}
