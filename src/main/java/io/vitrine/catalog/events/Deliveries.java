package io.vitrine.catalog.events;

import io.vertx.sqlclient.Pool;
import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.notification.ImageEvent;
import io.vitrine.notification.Notification;
import io.vitrine.notification.Payloads;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notifies subscribers when image data is sent; the catalog keeps no record of it. */
public final class Deliveries {
  private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

  private final Pool pool;
  private final Outbox outbox;

  /** Notifications go through the outbox. */
  public Deliveries(Pool pool, Outbox outbox) {
    this.pool = pool;
    this.outbox = outbox;
  }

  /**
   * Data that was sent.
   *
   * @param address the client's address
   * @param bytes the number of bytes sent
   * @param isWhole whether all requested bytes were sent
   */
  public record Delivery(Image image, Caller caller, String address, long bytes, boolean isWhole) {}

  /** Notifies in the background; failures are only logged. */
  public void add(Delivery delivery) {
    var image = delivery.image();
    var payload = Payloads.sent(image, delivery.caller(), delivery.address(), delivery.bytes());
    var type = ImageEvent.SEND.type();
    var subject = image.id().toString();
    outbox
        .put(
            pool,
            List.of(
                delivery.isWhole()
                    ? Notification.info(type, subject, payload)
                    : Notification.error(type, subject, payload)))
        .onFailure(
            failure ->
                log.atLevel(CatalogFailures.level(failure))
                    .addKeyValue("image_id", subject)
                    .addKeyValue("error", failure.getMessage())
                    .log("Cannot record a notification that the image was sent"));
  }
}
