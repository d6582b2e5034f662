package io.vitrine.notification;

import java.util.Locale;

/** Events of an image. All but the last three are event types of Glance. */
public enum ImageEvent {
  /** The image was created, in status queued. */
  CREATE,
  /** Its data is about to be written. */
  PREPARE,
  /** Its data was written. */
  UPLOAD,
  /** It became active. */
  ACTIVATE,
  /** Its attributes changed; also follows the more specific events. */
  UPDATE,
  /** It was deleted. */
  DELETE,
  /** Its data was sent to a client. */
  SEND,
  /** It was deactivated. */
  DEACTIVATE,
  /** It was reactivated. */
  REACTIVATE,
  /** A user changed its locations. */
  LOCATION;

  /** The type of the notification, such as {@code image.create}. */
  public String type() {
    return "image." + name().toLowerCase(Locale.ROOT);
  }
}
