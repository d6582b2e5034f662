package io.vitrine.catalog.sql;

/**
 * The key by which a client can repeat a request safely.
 *
 * @param project the project that the key belongs to; empty if there is none
 * @param fingerprint a digest of method, path and body, which identifies the request
 */
public record IdempotencyKey(String project, String text, String fingerprint) {
  /** The maximum length of a key, in characters. */
  public static final int MAX_LENGTH = 255;
}
