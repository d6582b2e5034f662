package io.vitrine.access.identity;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How an identity service is asked.
 *
 * @param caFile certificates in PEM that are trusted instead of the JDK's
 * @param connectTimeout of one connection
 * @param requestTimeout of one attempt, and of the wait for a turn before it
 * @param retries attempts after the first one
 * @param maxRequests requests at the same time; more wait for their turn
 */
public record ClientSettings(
    Optional<Path> caFile,
    Duration connectTimeout,
    Duration requestTimeout,
    int retries,
    int maxRequests) {}
