package io.vitrine.catalog.tickets;

import java.util.Locale;

/** Whether a ticket can be used, or why not. */
public enum TicketState {
  /** It can be used. */
  ACTIVE,
  /** It was used up. */
  USED,
  /** It was revoked before its time was over. */
  REVOKED,
  /** Its time is over. */
  EXPIRED;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The name in the API. */
  public String text() {
    return text;
  }
}
