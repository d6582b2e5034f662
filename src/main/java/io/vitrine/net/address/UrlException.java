package io.vitrine.net.address;

/** The text is not a URL. The message omits the text, which may contain a password. */
public final class UrlException extends IllegalArgumentException {
  UrlException(String reason) {
    super(reason);
  }
}
