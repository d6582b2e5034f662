package io.vitrine.catalog.tickets;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a ticket permits. */
public enum TicketMethod {
  /** Reading the data and what describes it. */
  DOWNLOAD,
  /** Reading what describes the data. */
  HEAD,
  /** Sending the data, once. */
  UPLOAD;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The method of this name in the API. */
  public static Optional<TicketMethod> find(String text) {
    return Arrays.stream(values()).filter(each -> each.text.equals(text)).findFirst();
  }

  /** The name in the API. */
  public String text() {
    return text;
  }
}
