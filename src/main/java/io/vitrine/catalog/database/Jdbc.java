package io.vitrine.catalog.database;

import io.vitrine.catalog.tls.DatabaseTlsConfig;
import io.vitrine.catalog.tls.JdbcEncryption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** The same database over JDBC: the server that accepts writes. */
final class Jdbc {
  private static final String CONNECT_SECONDS = "5";
  private static final String LOGIN_SECONDS = "30";
  private static final String ANSWER_SECONDS = "30";

  private Jdbc() {}

  /** A connection for short queries. */
  static Connection connect(DatabaseAddress address) throws SQLException {
    var properties = new Properties();
    properties.putAll(properties(address));
    properties.setProperty("socketTimeout", ANSWER_SECONDS);
    return DriverManager.getConnection(address.jdbcUrl(), properties);
  }

  /** The properties of PostgreSQL's driver other than the server. Statements have no timeout. */
  static Map<String, String> properties(DatabaseAddress address) {
    var properties = new LinkedHashMap<String, String>();
    properties.put("user", address.user());
    properties.put("password", address.password());
    properties.put("ApplicationName", address.application());
    properties.put("targetServerType", "primary");
    properties.put("connectTimeout", CONNECT_SECONDS);
    properties.put("loginTimeout", LOGIN_SECONDS);
    properties.put("tcpKeepAlive", "true");
    // Poolers lose named statements.
    properties.put("prepareThreshold", "0");
    properties.put("gssEncMode", "disable");
    properties.putAll(encryption(address.tls()));
    return properties;
  }

  private static Map<String, String> encryption(DatabaseTlsConfig tls) {
    var properties = new LinkedHashMap<String, String>();
    properties.put("sslmode", tls.verifiesAuthority() ? "require" : tls.mode());
    if (!tls.mode().equals("disable")) {
      properties.put("sslfactory", JdbcEncryption.class.getName());
      properties.put(JdbcEncryption.MODE, tls.mode());
      properties.put("sslrootcert", tls.ca());
      properties.put("sslcert", tls.certificate());
      properties.put("sslkey", tls.key());
      properties.put("sslpassword", tls.keyPassword().value());
    }
    return properties;
  }
}
