package io.vitrine.catalog.sql;

/**
 * The name that a client gave to a request, so that it can send it again without harm.
 *
 * @param project whose key it is; empty for nobody's
 * @param fingerprint what makes the request this one and no other: a digest of its method, path and
 *     body
 */
public record IdempotencyKey(String project, String text, String fingerprint) {
  /** The longest text of a key, in characters. */
  public static final int MAX_LENGTH = 255;
}
