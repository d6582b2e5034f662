package io.vitrine.access.keystone;

/** The result of validating a token. */
sealed interface TokenValidation {
  /** The token is valid. */
  record Accepted(KeystoneToken token) implements TokenValidation {}

  /** The token is unknown, expired or revoked. */
  record Refused() implements TokenValidation {}

  /** The identity service did not answer. */
  record Unknown(Throwable reason) implements TokenValidation {}
}
