package io.vitrine.api.events;

import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.Requests;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.image.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Streams changes as they happen, those of an image or of all images that the caller sees. */
public final class EventsHandler {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final String RETRY_SECONDS = "10";

  private final ImageCatalog catalog;
  private final Access access;
  private final Feeds feeds;
  private final Duration heartbeat;

  /**
   * Creates the handler over feeds.
   *
   * @param idleTimeout the time after which the server closes an idle connection
   */
  public EventsHandler(ImageCatalog catalog, Access access, Feeds feeds, Duration idleTimeout) {
    this.catalog = catalog;
    this.access = access;
    this.feeds = feeds;
    var often = idleTimeout.dividedBy(2);
    heartbeat = often.compareTo(HEARTBEAT) < 0 ? often : HEARTBEAT;
  }

  /** {@code GET /v2/images/{id}/events}; 404 if the caller does not see the image. */
  public void ofImage(RoutingContext context) {
    var caller = Requests.caller(context);
    catalog
        .get(Requests.imageId(context), caller)
        .map(access.permit(caller, Rule.GET_IMAGE)::require)
        .onSuccess(image -> admit(context, () -> begin(context, image)))
        .onFailure(context::fail);
  }

  private void begin(RoutingContext context, Image image) {
    var stream = new EventStream(context.response(), Requests.caller(context), image, heartbeat);
    feeds.images().watch(image.id(), stream);
    context.addEndHandler(
        ended -> {
          stream.forget();
          feeds.images().leave(stream);
        });
    stream.begin();
  }

  /** {@code GET /vitrine/v1/events}; needs the right to list images. */
  public void ofList(RoutingContext context) {
    access.require(Requests.caller(context), Rule.GET_IMAGES);
    // A client with an id that is none of ours has missed everything.
    var until =
        Requests.header(context, "Last-Event-ID")
            .map(id -> EventId.parse(id).orElse(Instant.EPOCH));
    admit(context, () -> begin(context, until));
  }

  private void begin(RoutingContext context, Optional<Instant> until) {
    var channel = new EventChannel(context.response(), heartbeat);
    var stream = new ListStream(channel, Requests.caller(context), access, until);
    stream.begin();
    feeds.lists().watch(stream);
    context.addEndHandler(
        ended -> {
          stream.forget();
          feeds.lists().leave(stream);
        });
  }

  private void admit(RoutingContext context, Runnable begin) {
    if (context.response().closed()) {
      return;
    }
    var client = Requests.client(context);
    switch (feeds.room().enter(client)) {
      case YES -> {
        context.addEndHandler(ended -> feeds.room().leave(client));
        begin.run();
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
