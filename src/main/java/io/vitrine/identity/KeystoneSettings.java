package io.vitrine.identity;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How Keystone is asked.
 *
 * @param url where the Identity API is, with or without its {@code /v3}
 * @param publicUrl where users get their tokens, for the challenge of a 401 answer
 * @param caFile certificates in PEM that are trusted instead of the JDK's
 * @param cacheTtl how long an accepted token is believed, and so how late a revocation may show
 * @param cacheSize tokens that are kept
 * @param connectTimeout of one connection
 * @param requestTimeout of one attempt, and of the wait for a turn before it
 * @param retries attempts after the first one
 * @param maxRequests requests to Keystone at the same time; more wait for their turn
 */
public record KeystoneSettings(
    URI url,
    String publicUrl,
    Credentials credentials,
    Optional<Path> caFile,
    Duration cacheTtl,
    int cacheSize,
    Duration connectTimeout,
    Duration requestTimeout,
    int retries,
    int maxRequests) {}
