package io.vitrine.catalog.database;

import io.vitrine.catalog.tls.DatabaseTlsConfig;
import io.vitrine.config.Secret;
import io.vitrine.config.Section;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The connection to PostgreSQL: by URL, or to the embedded server without one. User, password and
 * TLS settings override the URL's unless they are empty.
 *
 * @param upkeepPoolSize connections reserved for background work
 * @param waiting limits on requests that wait for a connection
 * @param startTimeout how long a starting process waits for the database; 0 does not wait
 * @param connectTimeout of one attempt on one server, including TLS and login
 * @param answerTimeout after which an unresponsive server is probed
 */
public record DatabaseConfig(
    Optional<DatabaseUrl> url,
    String user,
    Secret password,
    DatabaseTlsConfig tls,
    Pooler pooler,
    int poolSize,
    int upkeepPoolSize,
    Waiting waiting,
    Duration startTimeout,
    Duration connectTimeout,
    Duration answerTimeout,
    Duration statementTimeout) {

  // Together with the listening, migrating and reserved connections, below its max_connections.
  private static final int EMBEDDED_POOL_LIMIT = 40;
  private static final int EMBEDDED_UPKEEP_LIMIT = 8;

  /** A connection pooler in front of PostgreSQL, by its effect on sessions. */
  public enum Pooler {
    /** No pooler. */
    NONE,
    /**
     * A client keeps its server connection until it disconnects, as with PgBouncer's pool_mode
     * session.
     */
    SESSION,
    /**
     * Each transaction may use another server connection, as with PgBouncer's pool_mode
     * transaction.
     */
    TRANSACTION
  }

  /**
   * Limits on requests that wait for a database connection: the time, the number, and the number
   * per client.
   */
  public record Waiting(Duration timeout, int max, int maxPerClient) {
    static Waiting from(Section section) {
      return new Waiting(
          section.duration("timeout", "10ms", "5m"),
          section.integer("max", 0, 100_000),
          section.integer("max_per_client", 0, 100_000));
    }
  }

  /** Reads the section. */
  public static DatabaseConfig from(Section section) {
    var url = url(section);
    var config =
        new DatabaseConfig(
            url,
            section.text("user"),
            section.secret("password"),
            DatabaseTlsConfig.from(
                section.section("tls"), url.map(DatabaseUrl::parameters).orElse(Map.of())),
            Pooler.valueOf(
                section
                    .choice("pooler", List.of("none", "session", "transaction"))
                    .toUpperCase(Locale.ROOT)),
            poolSize(section.integer("pool_size", 0, 1000)),
            section.integer("upkeep_pool_size", 1, 100),
            Waiting.from(section.section("waiting")),
            section.duration("start_timeout", "0s", "1h"),
            connectTimeout(section.duration("connect_timeout", "100ms", "5m"), url),
            section.duration("answer_timeout", "100ms", "5m"),
            section.duration("statement_timeout", "100ms", "1h"));
    section.require(
        !config.isEmbedded() || config.poolSize <= EMBEDDED_POOL_LIMIT,
        "pool_size",
        config.poolSize + " is too many for the embedded database; give at most 40");
    section.require(
        !config.isEmbedded() || config.upkeepPoolSize <= EMBEDDED_UPKEEP_LIMIT,
        "upkeep_pool_size",
        config.upkeepPoolSize + " is too many for the embedded database; give at most 8");
    return config;
  }

  private static Optional<DatabaseUrl> url(Section section) {
    var text = section.secret("url").value();
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(DatabaseUrl.parse(text));
    } catch (DatabaseUrl.MalformedException reason) {
      section.fault(
          "url",
          "the value (hidden) is not allowed: %s; give empty or %s"
              .formatted(reason.getMessage(), "postgresql://user:password@host:port/database"));
      return Optional.empty();
    }
  }

  private static Duration connectTimeout(Duration key, Optional<DatabaseUrl> url) {
    return url.map(DatabaseUrl::parameters)
        .flatMap(parameters -> Optional.ofNullable(parameters.get("connect_timeout")))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
        .orElse(key);
  }

  private static int poolSize(int given) {
    return given == 0 ? Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 4, 8) : given;
  }

  /** Whether Vitrine runs its own PostgreSQL. */
  public boolean isEmbedded() {
    return url.isEmpty();
  }
}
