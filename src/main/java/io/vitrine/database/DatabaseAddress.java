package io.vitrine.database;

import io.vitrine.config.DatabaseConfig;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Where a PostgreSQL database is and how to log in. The {@code sslMode} is one of libpq's, or empty
 * when none was asked for.
 */
public record DatabaseAddress(
    String host, int port, String database, String user, String password, String sslMode) {

  private static final int DEFAULT_PORT = 5432;

  /** The address that an external database's configuration names. */
  public static DatabaseAddress of(DatabaseConfig config) {
    var address = parse(config.url().orElseThrow().value());
    return new DatabaseAddress(
        address.host,
        address.port,
        address.database,
        config.user().isEmpty() ? address.user : config.user(),
        config.password().value().isEmpty() ? address.password : config.password().value(),
        address.sslMode);
  }

  /**
   * Parses {@code postgresql://user:password@host:port/database?sslmode=require}, in the form of
   * libpq's connection URIs. As there, the database's name defaults to the user's.
   */
  public static DatabaseAddress parse(String url) {
    var uri = URI.create(url);
    var login = Objects.requireNonNullElse(uri.getRawUserInfo(), "").split(":", 2);
    var user = decoded(login[0]);
    var path = Objects.requireNonNullElse(uri.getRawPath(), "").replaceFirst("^/", "");
    return new DatabaseAddress(
        uri.getHost().replaceAll("[\\[\\]]", ""),
        uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
        path.isEmpty() ? user : decoded(path),
        user,
        login.length == 2 ? decoded(login[1]) : parameter(uri, "password"),
        parameter(uri, "sslmode"));
  }

  private static String parameter(URI uri, String name) {
    return Arrays.stream(Objects.requireNonNullElse(uri.getRawQuery(), "").split("&"))
        .filter(parameter -> parameter.startsWith(name + "="))
        .map(parameter -> decoded(parameter.substring(name.length() + 1)))
        .findFirst()
        .orElse("");
  }

  /** A URI's percent escapes only; to a form's decoder "+" would be a space. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** The address for JDBC, without the log-in. */
  String jdbcUrl() {
    var hostPart = host.contains(":") ? "[" + host + "]" : host;
    var parameters = sslMode.isEmpty() ? "" : "?sslmode=" + sslMode;
    return "jdbc:postgresql://" + hostPart + ":" + port + "/" + encoded(database) + parameters;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The address in the form that {@link #parse} takes, with the password. */
  String toUrl() {
    return "postgresql://%s:%s@%s:%d/%s"
        .formatted(encoded(user), encoded(password), host, port, encoded(database));
  }

  /** The address without the password. */
  @Override
  public String toString() {
    return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
  }
}
