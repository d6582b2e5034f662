package io.vitrine.catalog.audit;

import java.util.Locale;

/** By what a change of an image was allowed. */
public enum Via {
  /** The request of a caller whom the identity service knows. */
  TOKEN,
  /** The request of somebody with a ticket, in the name of who made that. */
  TICKET,
  /** A task, for the user who asked for it. */
  WORKER,
  /** The service's own upkeep. */
  SERVICE;

  /** The name in the database and in the API. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
