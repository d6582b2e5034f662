package io.vitrine.access.policy;

/** A rule is not written as the language wants it; the message says what is wrong. */
final class SyntaxException extends RuntimeException {
  SyntaxException(String message) {
    super(message, null, false, false);
  }
}
