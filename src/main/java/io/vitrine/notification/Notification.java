package io.vitrine.notification;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * One notification.
 *
 * @param id stays the same when it is sent again
 * @param type the event, such as {@code image.create}
 * @param subject an image's id or a namespace's name
 * @param payload a tree of JSON values; a text for errors
 */
public record Notification(
    UUID id, String type, Priority priority, String subject, Object payload, Instant at) {

  /** A notification of severity info, dated now. */
  public static Notification info(String type, String subject, Map<String, Object> payload) {
    return new Notification(
        UUID.randomUUID(), type, Priority.INFO, subject, payload, Instant.now());
  }

  /** A notification of severity error, dated now. */
  public static Notification error(String type, String subject, Object payload) {
    return new Notification(
        UUID.randomUUID(), type, Priority.ERROR, subject, payload, Instant.now());
  }
}
