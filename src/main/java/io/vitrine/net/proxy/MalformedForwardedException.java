package io.vitrine.net.proxy;

/** A trusted proxy's report is malformed. */
public final class MalformedForwardedException extends IllegalArgumentException {
  private final String detail;

  MalformedForwardedException(String what) {
    super(what);
    detail = "The proxy sent malformed headers: %s.".formatted(what);
  }

  /** The reason, for the client. */
  public String detail() {
    return detail;
  }
}
