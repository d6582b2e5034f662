package io.vitrine.upkeep.relay;

/** The receiver was reached and refused the notifications. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RefusedException(String message) {
    super(message);
  }
}
