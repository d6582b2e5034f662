package io.vitrine.net.proxy;

/** A trusted proxy says where a request comes from in a form that cannot be read. */
public final class MalformedHopException extends IllegalArgumentException {
  private final String detail;

  MalformedHopException(String what) {
    super(what);
    detail = "The headers of the proxy in front are malformed: %s.".formatted(what);
  }

  /** What is wrong, as the client is told. */
  public String detail() {
    return detail;
  }
}
