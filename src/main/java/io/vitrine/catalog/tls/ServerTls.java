package io.vitrine.catalog.tls;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vitrine.catalog.sql.DatabaseException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The TLS settings for a database's servers, loaded for each new connection, so that replaced files
 * take effect.
 */
public final class ServerTls {
  private static final Set<String> VERSIONS = Set.of("TLSv1.3", "TLSv1.2");

  private final DatabaseTlsConfig config;
  private final Optional<X509TrustManager> authorities;
  private final Optional<X509KeyManager> identity;

  private ServerTls(
      DatabaseTlsConfig config,
      Optional<X509TrustManager> authorities,
      Optional<X509KeyManager> identity) {
    this.config = config;
    this.authorities = authorities;
    this.identity = identity;
  }

  /** Reads the files. Throws {@link DatabaseException} that names the key and file at fault. */
  public static ServerTls load(DatabaseTlsConfig config) {
    return new ServerTls(
        config,
        config.verifiesAuthority() ? Optional.of(authorities(config.ca())) : Optional.empty(),
        config.certificate().isEmpty() ? Optional.empty() : Optional.of(identity(config)));
  }

  private static X509TrustManager authorities(String ca) {
    try {
      return authorities(ca.equals(DatabaseTlsConfig.SYSTEM) ? null : store(Path.of(ca)));
    } catch (IOException | GeneralSecurityException broken) {
      throw unusable("database.tls.ca", ca, broken);
    }
  }

  private static X509TrustManager authorities(@Nullable KeyStore store)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return Stream.of(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static KeyStore store(Path file) throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (var certificate : PemFiles.certificates(file)) {
      store.setCertificateEntry(UUID.randomUUID().toString(), certificate);
    }
    return store;
  }

  private static X509KeyManager identity(DatabaseTlsConfig config) {
    X509Certificate[] chain;
    try {
      chain = PemFiles.certificates(Path.of(config.certificate())).toArray(X509Certificate[]::new);
    } catch (IOException | GeneralSecurityException broken) {
      throw unusable("database.tls.certificate", config.certificate(), broken);
    }
    try {
      return new ClientIdentity(chain, PemFiles.key(Path.of(config.key()), config.keyPassword()));
    } catch (IOException | GeneralSecurityException broken) {
      throw unusable("database.tls.key", config.key(), broken);
    }
  }

  private static DatabaseException unusable(String key, String file, Exception reason) {
    return new DatabaseException(
        "%s: \"%s\" cannot be used: %s".formatted(key, file, reason.getMessage()), reason);
  }

  /** The trust manager for a connection to the host. */
  public ServerTrust trust(String host) {
    return new ServerTrust(
        authorities, config.verifiesName() ? Optional.of(host) : Optional.empty(), config.ca());
  }

  /** The options of the pool's client. */
  public ClientSSLOptions options(ServerTrust trust, Duration handshakeTimeout) {
    var options =
        new ClientSSLOptions()
            .setTrustOptions(TrustOptions.wrap(trust))
            // ServerTrust verifies the name, with messages that tell the operator what to do.
            .setHostnameVerificationAlgorithm("");
    options
        .setEnabledSecureTransportProtocols(VERSIONS)
        .setSslHandshakeTimeout(handshakeTimeout.toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    identity.ifPresent(own -> options.setKeyCertOptions(KeyCertOptions.wrap(own)));
    return options;
  }

  /** The context for JDBC. */
  SSLContext context(ServerTrust trust) throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(
        identity.map(own -> new KeyManager[] {own}).orElse(new KeyManager[0]),
        new TrustManager[] {trust},
        null);
    return context;
  }

  /** The TLS versions in use. */
  static String[] versions() {
    return VERSIONS.toArray(String[]::new);
  }
}
