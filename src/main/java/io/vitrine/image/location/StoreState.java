package io.vitrine.image.location;

import java.time.Instant;

/**
 * Whether a store works, as far as this node knows.
 *
 * @param since when it began to be so
 * @param reason why it does not: timeout, access, or failure; empty while it does
 */
public record StoreState(boolean isUp, Instant since, String reason) {
  /** A call did not come back in time. */
  public static final String TIMEOUT = "timeout";

  /** The store refuses access. */
  public static final String ACCESS = "access";

  /** Anything else that keeps the store from working. */
  public static final String FAILURE = "failure";

  /** Whether calls do not come back, so that nobody should wait for another. */
  public boolean isHanging() {
    return reason.equals(TIMEOUT);
  }
}
