package io.vitrine.catalog.audit;

import java.util.Locale;

/** How far an action on an image has come. */
public enum AuditOutcome {
  /** It goes on; another record says how it ends. */
  BEGUN,
  /** It is complete. */
  DONE,
  /** It has failed, or was given up. */
  FAILED;

  /** The name in the database and in the API. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
