package io.vitrine.net.address;

/** A text is no URL; the message says why, without the text, which may hold a password. */
public final class UrlException extends IllegalArgumentException {
  UrlException(String reason) {
    super(reason);
  }
}
