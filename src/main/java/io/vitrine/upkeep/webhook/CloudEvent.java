package io.vitrine.upkeep.webhook;

import io.vertx.core.json.JsonObject;
import io.vitrine.notification.Notification;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The structured JSON format of CloudEvents 1.0. */
final class CloudEvent {
  static final String CONTENT_TYPE = "application/cloudevents+json; charset=utf-8";

  private CloudEvent() {}

  static String of(Notification notification, String publisher) {
    return new JsonObject()
        .put("specversion", "1.0")
        .put("id", notification.id().toString())
        .put("source", publisher)
        .put("type", notification.type())
        .put("subject", notification.subject())
        .put("time", notification.at().truncatedTo(ChronoUnit.MICROS).toString())
        .put("priority", notification.priority().name().toLowerCase(Locale.ROOT))
        .put("datacontenttype", "application/json")
        .put("data", notification.payload())
        .encode();
  }
}
