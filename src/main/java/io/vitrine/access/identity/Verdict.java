package io.vitrine.access.identity;

/** What is known about a token. */
sealed interface Verdict {
  /** It is valid. */
  record Accepted(KeystoneToken token) implements Verdict {}

  /** It is unknown, has expired or was revoked. */
  record Refused() implements Verdict {}

  /** Nothing, because the identity service did not say. */
  record Unknown(Throwable reason) implements Verdict {}
}
