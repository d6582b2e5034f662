package io.vitrine.notification;

import java.util.Locale;

/** What can happen to members of images and to metadata definitions. */
public enum Change {
  CREATE,
  UPDATE,
  DELETE;

  /** The type of notifications of something of that sort, such as {@code image.member.create}. */
  public String of(String sort) {
    return sort + "." + name().toLowerCase(Locale.ROOT);
  }
}
