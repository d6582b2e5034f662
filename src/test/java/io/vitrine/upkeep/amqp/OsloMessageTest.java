package io.vitrine.upkeep.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.notification.Notification;
import io.vitrine.notification.Priority;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OsloMessageTest {
  @Test
  void wrapsTheMessageAsOsloMessagingDoes() {
    var notification =
        new Notification(
            UUID.fromString("8d1e1f0a-6b3f-4d4b-9d0e-2f3a4b5c6d7e"),
            "image.create",
            Priority.INFO,
            "subject",
            Map.of("id", "i"),
            Instant.parse("2026-01-02T03:04:05.5Z"));

    var envelope = new JsonObject(OsloMessage.of(notification, "image.localhost"));

    assertThat(envelope.getString("oslo.version")).isEqualTo("2.0");
    assertThat(new JsonObject(envelope.getString("oslo.message")))
        .isEqualTo(
            new JsonObject()
                .put("message_id", "8d1e1f0a-6b3f-4d4b-9d0e-2f3a4b5c6d7e")
                .put("publisher_id", "image.localhost")
                .put("event_type", "image.create")
                .put("priority", "INFO")
                .put("payload", new JsonObject().put("id", "i"))
                .put("timestamp", "2026-01-02 03:04:05.500000")
                .put("_unique_id", "8d1e1f0a6b3f4d4b9d0e2f3a4b5c6d7e"));
  }
}
