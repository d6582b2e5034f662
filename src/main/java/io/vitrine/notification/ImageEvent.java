package io.vitrine.notification;

import java.util.Locale;

/** What can happen to an image. Glance has all but the last three as types of their own. */
public enum ImageEvent {
  CREATE,
  /** Its data is about to be written. */
  PREPARE,
  /** Its data has been written. */
  UPLOAD,
  ACTIVATE,
  UPDATE,
  DELETE,
  /** Its data has been given to somebody. */
  SEND,
  DEACTIVATE,
  REACTIVATE,
  /** Where its data lies has been changed by a user. */
  LOCATION;

  /** The type that notifications have, such as {@code image.create}. */
  public String type() {
    return "image." + name().toLowerCase(Locale.ROOT);
  }
}
