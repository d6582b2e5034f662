package io.vitrine.image.location;

import java.time.Instant;

/**
 * Whether a store works, as observed by this node.
 *
 * @param since the time of the last change
 * @param reason {@value #TIMEOUT}, {@value #ACCESS} or {@value #FAILURE}; empty while the store
 *     works
 */
public record StoreState(boolean isUp, Instant since, String reason) {
  /** A call exceeded its deadline. */
  public static final String TIMEOUT = "timeout";

  /** The store denied access. */
  public static final String ACCESS = "access";

  /** Any other failure. */
  public static final String FAILURE = "failure";

  /** Whether calls hang, so that callers should fail fast instead of waiting. */
  public boolean isHanging() {
    return reason.equals(TIMEOUT);
  }
}
