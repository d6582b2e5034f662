package io.vitrine.net.proxy;

/** A trusted proxy says where a request comes from in a form that cannot be read. */
public final class MalformedHopException extends IllegalArgumentException {
  MalformedHopException(String what) {
    super("The headers of the proxy in front are malformed: %s.".formatted(what));
  }
}
