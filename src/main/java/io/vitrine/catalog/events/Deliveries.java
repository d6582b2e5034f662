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

/** Has those told who want to know when data goes to somebody; the catalog itself keeps nothing. */
public final class Deliveries {
  private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

  private final Pool pool;
  private final Outbox outbox;

  /** Told through an outbox in a database. */
  public Deliveries(Pool pool, Outbox outbox) {
    this.pool = pool;
    this.outbox = outbox;
  }

  /**
   * Data that was sent.
   *
   * @param address where to
   * @param bytes how many bytes
   * @param isWhole whether those are all that were wanted
   */
  public record Delivery(Image image, Caller caller, String address, long bytes, boolean isWhole) {}

  /** Tells of one; nobody waits for that. */
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
                    .log(
                        "image={} nobody hears that it was sent: {}",
                        subject,
                        failure.getMessage()));
  }
}
