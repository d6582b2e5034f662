package io.vitrine.catalog.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/** Verifies the server certificate of one connection. */
public final class ServerTrust extends X509ExtendedTrustManager {
  private final Optional<X509TrustManager> authorities;
  private final Optional<String> host;
  private final String ca;
  private volatile Optional<String> refusal = Optional.empty();

  /**
   * Trusts certificates that the authorities have signed.
   *
   * @param authorities if empty, any certificate is accepted
   * @param host the host that the certificate must name; if empty, any
   * @param ca where the authorities come from, for messages
   */
  ServerTrust(Optional<X509TrustManager> authorities, Optional<String> host, String ca) {
    this.authorities = authorities;
    this.host = host;
    this.ca = ca;
  }

  /** Why the certificate was rejected; empty if it was not. */
  public Optional<String> refusal() {
    return refusal;
  }

  private void check(X509Certificate[] chain, String keyExchange) throws CertificateException {
    if (authorities.isEmpty()) {
      return;
    }
    try {
      authorities.get().checkServerTrusted(chain, keyExchange);
    } catch (CertificateException untrusted) {
      throw refuse(
          ("the server's certificate for %s, issued by %s, is not trusted by database.tls.ca"
                  + " (sslrootcert) \"%s\": %s; give the authority that issued it")
              .formatted(
                  chain[0].getSubjectX500Principal(),
                  chain[0].getIssuerX500Principal(),
                  ca,
                  untrusted.getMessage()),
          untrusted);
    }
    if (host.isPresent() && !CertifiedNames.of(chain[0]).include(host.get())) {
      throw refuse(
          ("the server's certificate is for %s, not for \"%s\"; connect by a name in its"
                  + " certificate, or use sslmode verify-ca")
              .formatted(CertifiedNames.of(chain[0]), host.get()),
          null);
    }
  }

  private CertificateException refuse(
      String reason, @org.jspecify.annotations.Nullable Exception cause) {
    refusal = Optional.of(reason);
    return new CertificateException(reason, cause);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyExchange)
      throws CertificateException {
    check(chain, keyExchange);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyExchange, Socket socket)
      throws CertificateException {
    check(chain, keyExchange);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine)
      throws CertificateException {
    check(chain, keyExchange);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyExchange)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyExchange, Socket socket)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyExchange, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities.map(X509TrustManager::getAcceptedIssuers).orElse(new X509Certificate[0]);
  }
}
