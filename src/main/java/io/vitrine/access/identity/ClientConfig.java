package io.vitrine.access.identity;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How to connect to an identity service: what the configurations of all of them have. */
public interface ClientConfig {
  /** Certificates in PEM that are trusted instead of the JDK's. */
  Optional<Path> caFile();

  /** The timeout of one connection. */
  Duration connectTimeout();

  /** The timeout of one attempt, and of the wait for a free slot before it. */
  Duration requestTimeout();

  /** Attempts after the first one. */
  int retries();

  /** Concurrent requests; further ones wait. */
  int maxRequests();

  /**
   * The most bytes of an answer's body; by default any, as Keystone's lists are as long as a cloud
   * is large.
   */
  default int maxAnswerBytes() {
    return Integer.MAX_VALUE;
  }
}
