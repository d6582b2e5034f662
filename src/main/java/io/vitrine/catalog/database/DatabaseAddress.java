package io.vitrine.catalog.database;

import io.vitrine.catalog.sql.DatabaseException;
import io.vitrine.catalog.tls.DatabaseTlsConfig;
import io.vitrine.catalog.tls.ServerTls;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The servers of a PostgreSQL database and the login.
 *
 * @param servers at least one; only one of them accepts writes at a time
 * @param application the application_name of the sessions
 */
public record DatabaseAddress(
    List<DatabaseUrl.Server> servers,
    String database,
    String user,
    String password,
    String application,
    DatabaseTlsConfig tls) {

  private static final String APPLICATION = "vitrine";

  /** Copies the servers. */
  public DatabaseAddress {
    servers = List.copyOf(servers);
  }

  /** One server, without TLS. */
  public static DatabaseAddress local(
      DatabaseUrl.Server server, String database, String user, String password) {
    return new DatabaseAddress(
        List.of(server), database, user, password, APPLICATION, DatabaseTlsConfig.OFF);
  }

  /**
   * The address in the configuration of an external database. Throws {@link DatabaseException} if
   * its TLS files are unusable.
   */
  public static DatabaseAddress of(DatabaseConfig config) {
    var url = config.url().orElseThrow();
    ServerTls.load(config.tls());
    return new DatabaseAddress(
        url.servers(),
        url.database(),
        config.user().isEmpty() ? url.user() : config.user(),
        config.password().value().isEmpty() ? url.password() : config.password().value(),
        url.parameters().getOrDefault("application_name", APPLICATION),
        config.tls());
  }

  /** Parses the result of {@link #toUrl()}. */
  public static DatabaseAddress parse(String text) {
    var url = DatabaseUrl.of(text);
    return new DatabaseAddress(
        url.servers(),
        url.database(),
        url.user(),
        url.password(),
        APPLICATION,
        DatabaseTlsConfig.OFF);
  }

  /** The JDBC URL, without login and TLS. */
  public String jdbcUrl() {
    return "jdbc:postgresql://" + places() + "/" + encoded(database);
  }

  private String places() {
    return servers.stream().map(DatabaseUrl.Server::toString).collect(Collectors.joining(","));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The address as a URL with the password, without TLS. */
  public String toUrl() {
    return "postgresql://%s:%s@%s/%s"
        .formatted(encoded(user), encoded(password), places(), encoded(database));
  }

  /** The address without the password. */
  @Override
  public String toString() {
    return "postgresql://" + user + "@" + places() + "/" + database;
  }
}
