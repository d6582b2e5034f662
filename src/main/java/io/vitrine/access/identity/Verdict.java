package io.vitrine.access.identity;

/** The result of validating a token. */
sealed interface Verdict {
  /** The token is valid. */
  record Accepted(KeystoneToken token) implements Verdict {}

  /** The token is unknown, expired or revoked. */
  record Refused() implements Verdict {}

  /** The identity service did not answer. */
  record Unknown(Throwable reason) implements Verdict {}
}
