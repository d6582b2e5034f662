package io.vitrine.access.identity;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Connection settings for an identity service.
 *
 * @param caFile certificates in PEM that are trusted instead of the JDK's
 * @param connectTimeout of one connection
 * @param requestTimeout of one attempt, and of the wait for a free slot before it
 * @param retries attempts after the first one
 * @param maxRequests concurrent requests; further ones wait
 */
public record ClientSettings(
    Optional<Path> caFile,
    Duration connectTimeout,
    Duration requestTimeout,
    int retries,
    int maxRequests) {}
