package io.vitrine.access.policy;

/** A rule violates the rule language; the message says how. */
final class SyntaxException extends RuntimeException {
  SyntaxException(String message) {
    super(message, null, false, false);
  }
}
