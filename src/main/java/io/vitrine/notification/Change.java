package io.vitrine.notification;

import java.util.Locale;

/** Changes to members of images and to metadata definitions. */
public enum Change {
  /** It was added. */
  CREATE,
  /** Its attributes changed. */
  UPDATE,
  /** It was removed. */
  DELETE;

  /** The type of notifications about this kind of thing, such as {@code image.member.create}. */
  public String of(String sort) {
    return sort + "." + name().toLowerCase(Locale.ROOT);
  }
}
