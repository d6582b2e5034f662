package io.vitrine.notification;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * One message about something that has happened.
 *
 * @param id its own, the same however often it is sent
 * @param type what has happened, such as {@code image.create}
 * @param subject what it has happened to: an image's id or a namespace's name
 * @param payload a tree of JSON values; of errors, a text
 */
public record Notification(
    UUID id, String type, Priority priority, String subject, Object payload, Instant at) {

  /** An ordinary message of something that happens now. */
  public static Notification info(String type, String subject, Map<String, Object> payload) {
    return new Notification(
        UUID.randomUUID(), type, Priority.INFO, subject, payload, Instant.now());
  }

  /** A message of something that goes wrong now. */
  public static Notification error(String type, String subject, Object payload) {
    return new Notification(
        UUID.randomUUID(), type, Priority.ERROR, subject, payload, Instant.now());
  }
}
