package io.vitrine.upkeep.amqp;

import io.vertx.core.json.JsonObject;
import io.vitrine.notification.Notification;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The format of oslo.messaging's driver messagingv2. */
final class OsloMessage {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private OsloMessage() {}

  /** The body of a message; its unique id lets consumers recognise duplicates. */
  static String of(Notification notification, String publisher) {
    var id = notification.id().toString();
    var message =
        new JsonObject()
            .put("message_id", id)
            .put("publisher_id", publisher)
            .put("event_type", notification.type())
            .put("priority", notification.priority().name())
            .put("payload", notification.payload())
            .put("timestamp", TIME.format(notification.at()))
            .put("_unique_id", id.replace("-", ""));
    return new JsonObject()
        .put("oslo.version", "2.0")
        .put("oslo.message", message.encode())
        .encode();
  }
}
