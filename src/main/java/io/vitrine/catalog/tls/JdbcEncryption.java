package io.vitrine.catalog.tls;

import io.vitrine.config.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Properties;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Encrypts JDBC connections by the same rules as the pool. PostgreSQL's driver instantiates it by
 * name and passes the connection's properties.
 */
public final class JdbcEncryption extends SSLSocketFactory {
  /** A property of Vitrine's own: this class verifies the certificate, so the driver must not. */
  public static final String MODE = "vitrine.sslmode";

  private final ServerTls tls;

  /** Called by the driver. */
  public JdbcEncryption(Properties properties) {
    tls =
        ServerTls.load(
            new DatabaseTlsConfig(
                properties.getProperty(MODE, "verify-full"),
                properties.getProperty("sslrootcert", ""),
                properties.getProperty("sslcert", ""),
                properties.getProperty("sslkey", ""),
                new Secret(properties.getProperty("sslpassword", ""))));
  }

  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
      throws IOException {
    var trust = tls.trust(host);
    try {
      var socket =
          (SSLSocket)
              tls.context(trust).getSocketFactory().createSocket(plain, host, port, autoClose);
      socket.setEnabledProtocols(ServerTls.versions());
      return socket;
    } catch (GeneralSecurityException unusable) {
      throw new SSLException(unusable);
    }
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return new String[0];
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return new String[0];
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("the driver connects first");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("the driver connects first");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException("the driver connects first");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("the driver connects first");
  }
}
