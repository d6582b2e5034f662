package io.vitrine.catalog.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A connection URI in libpq's form: {@code
 * postgresql://user:password@host:port,host:port/database?name=value}. Printing it hides the
 * password. As in libpq, the database defaults to the user's name, and a parameter can replace each
 * part.
 *
 * @param value the URI as given
 * @param servers in order of preference; at least one
 * @param parameters all except those for user, password, host, port and database
 */
public record DatabaseUrl(
    String value,
    List<Server> servers,
    String user,
    String password,
    String database,
    Map<String, String> parameters) {

  private static final int DEFAULT_PORT = 5432;
  private static final int MAX_PORT = 65_535;
  private static final Set<String> SCHEMES = Set.of("postgresql", "postgres");
  private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?");
  private static final Set<String> PLACE = Set.of("host", "port", "user", "password", "dbname");
  private static final Set<String> USED =
      Set.of(
          "sslmode",
          "sslrootcert",
          "sslcert",
          "sslkey",
          "sslpassword",
          "target_session_attrs",
          "application_name",
          "connect_timeout");

  /** Parameters that are accepted with any value because they have no effect here. */
  private static final Set<String> IGNORED =
      Set.of(
          "fallback_application_name",
          "gssencmode",
          "keepalives",
          "keepalives_count",
          "keepalives_idle",
          "keepalives_interval",
          "sslcompression",
          "sslsni",
          "tcp_user_timeout");

  /** Values of {@code target_session_attrs} that allow writing. */
  private static final Set<String> WRITABLE = Set.of("any", "primary", "read-write");

  // Up to the last "@" before the path, which hides passwords with an unescaped one completely.
  private static final Pattern SECRET =
      Pattern.compile("(?<=://[^:/?#]{0,256}:)[^/?#]*(?=@)|(?<=[?&](ssl)?password=)[^&]*");

  /** One server of the database; an IPv6 address has no brackets. */
  public record Server(String host, int port) {
    /** The form in URLs and messages. */
    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** The text is not a usable URI; the message contains no secret. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedException(String reason) {
      super(reason);
    }
  }

  /** Copies the collections. */
  public DatabaseUrl {
    servers = List.copyOf(servers);
    parameters = Map.copyOf(parameters);
  }

  /** Parses a constant; throws {@link IllegalArgumentException} if it is malformed. */
  public static DatabaseUrl of(String text) {
    try {
      return parse(text);
    } catch (MalformedException reason) {
      throw new IllegalArgumentException(reason.getMessage(), reason);
    }
  }

  /** Parses a URI; the exception's message says what is wrong and what is allowed. */
  static DatabaseUrl parse(String text) throws MalformedException {
    var scheme = text.split("://", 2);
    if (scheme.length != 2 || !SCHEMES.contains(scheme[0])) {
      throw new MalformedException("it must begin with postgresql:// or postgres://");
    }
    if (text.contains("#")) {
      throw new MalformedException("it contains a \"#\"; in a password write it as %23");
    }
    var query = scheme[1].split("\\?", 2);
    var path = query[0].split("/", 2);
    int at = path[0].lastIndexOf('@');
    if (at < 0 && scheme[1].contains("@")) {
      // Omits the text, which may be part of the password.
      throw new MalformedException(
          "an \"@\" follows the hosts; in a password write \"/\" as %2F and \"?\" as %3F");
    }
    var parameters = parameters(query.length == 2 ? query[1] : "");
    var login = path[0].substring(0, Math.max(at, 0)).split(":", 2);
    var user = parameters.getOrDefault("user", decoded(login[0]));
    var database = parameters.getOrDefault("dbname", path.length == 2 ? decoded(path[1]) : "");
    return new DatabaseUrl(
        text,
        servers(path[0].substring(at + 1), parameters),
        user,
        parameters.getOrDefault("password", login.length == 2 ? decoded(login[1]) : ""),
        database.isEmpty() ? user : database,
        parameters.entrySet().stream()
            .filter(each -> USED.contains(each.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  private static Map<String, String> parameters(String query) throws MalformedException {
    var parameters = new LinkedHashMap<String, String>();
    for (var each : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      var parts = each.split("=", 2);
      var name = decoded(parts[0]);
      if (parts.length != 2) {
        throw new MalformedException("the parameter \"" + name + "\" has no value");
      }
      var value = decoded(parts[1]);
      // JDBC's spelling, which libpq accepts too.
      boolean isJdbc = name.equals("ssl") && value.equals("true");
      requireKnown(isJdbc ? "sslmode" : name);
      parameters.put(isJdbc ? "sslmode" : name, isJdbc ? "require" : value);
    }
    var target = parameters.getOrDefault("target_session_attrs", "any");
    if (!WRITABLE.contains(target)) {
      throw new MalformedException(
          "target_session_attrs=%s does not suit a service that writes; give one of %s"
              .formatted(target, sorted(WRITABLE)));
    }
    if (!parameters.getOrDefault("connect_timeout", "3").matches("[1-9][0-9]{0,2}")) {
      throw new MalformedException("connect_timeout must be a number of seconds from 1 to 999");
    }
    return parameters;
  }

  private static void requireKnown(String name) throws MalformedException {
    if (!PLACE.contains(name) && !USED.contains(name) && !IGNORED.contains(name)) {
      var allowed = new TreeSet<>(USED);
      allowed.addAll(PLACE);
      throw new MalformedException(
          "the parameter \"%s\" is unknown; allowed are %s".formatted(name, sorted(allowed)));
    }
  }

  private static String sorted(Set<String> names) {
    return String.join(", ", new TreeSet<>(names));
  }

  private static List<Server> servers(String places, Map<String, String> parameters)
      throws MalformedException {
    var ports = parameters.getOrDefault("port", "");
    var hosts = parameters.get("host");
    var listed = Arrays.asList(Objects.requireNonNullElse(hosts, places).split(",", -1));
    var portsListed = Arrays.asList(ports.split(",", -1));
    if (portsListed.size() != 1 && portsListed.size() != listed.size()) {
      throw new MalformedException(
          "it has %d hosts, but %d ports".formatted(listed.size(), portsListed.size()));
    }
    var servers = new ArrayList<Server>();
    for (int index = 0; index < listed.size(); index++) {
      var port = portsListed.get(portsListed.size() == 1 ? 0 : index);
      servers.add(hosts == null ? server(listed.get(index), port) : named(listed.get(index), port));
    }
    return servers;
  }

  /** Parses a server of the authority, with an IPv6 address in brackets. */
  private static Server server(String place, String otherPort) throws MalformedException {
    int colon = place.startsWith("[") ? place.indexOf(':', place.indexOf(']')) : place.indexOf(':');
    var host = decoded(colon < 0 ? place : place.substring(0, colon));
    var port = colon < 0 ? otherPort : place.substring(colon + 1);
    return named(
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host,
        port);
  }

  private static Server named(String host, String port) throws MalformedException {
    if (host.startsWith("/") || host.startsWith("@")) {
      throw new MalformedException(
          "\"%s\" is a Unix socket, which is not supported; give a host such as localhost"
              .formatted(host));
    }
    if (!(host.contains(":") ? IPV6 : HOST_NAME).matcher(host).matches()) {
      throw new MalformedException(
          host.isEmpty() ? "it has no host" : "\"" + host + "\" is not the name of a host");
    }
    return new Server(host, port.isEmpty() ? DEFAULT_PORT : port(port));
  }

  private static int port(String text) throws MalformedException {
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > MAX_PORT) {
      throw new MalformedException("\"" + text + "\" is not a port from 1 to 65535");
    }
    return port;
  }

  /** Decodes percent escapes; a decoder of forms would also turn "+" into a space. */
  private static String decoded(String text) throws MalformedException {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new MalformedException(
          "a \"%\" in it does not start an escape; in a password write it as %25");
    }
  }

  /** The URI with its password hidden. */
  @Override
  public String toString() {
    return SECRET.matcher(value).replaceAll("(hidden)");
  }
}
