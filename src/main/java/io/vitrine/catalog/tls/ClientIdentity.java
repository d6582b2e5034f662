package io.vitrine.catalog.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * One client certificate with its key, presented to every server that asks for one, as libpq does.
 */
final class ClientIdentity extends X509ExtendedKeyManager {
  private static final String ALIAS = "client";

  private final X509Certificate[] chain;
  private final PrivateKey key;

  /** Verifies that key and certificate match; otherwise only the server would notice. */
  ClientIdentity(X509Certificate[] chain, PrivateKey key) throws GeneralSecurityException {
    this.chain = chain.clone();
    this.key = key;
    var sample = new byte[32];
    var signing = Signature.getInstance(algorithm(key.getAlgorithm()));
    signing.initSign(key);
    signing.update(sample);
    var signed = signing.sign();
    var own = chain[0].getPublicKey();
    if (!own.getAlgorithm().equals(key.getAlgorithm())) {
      throw new KeyException("it is not the key of database.tls.certificate");
    }
    signing.initVerify(own);
    signing.update(sample);
    if (!signing.verify(signed)) {
      throw new KeyException("it is not the key of database.tls.certificate");
    }
  }

  private static String algorithm(String key) {
    return switch (key) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key;
    };
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chosen(keyTypes);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return chosen(keyTypes);
  }

  private @Nullable String chosen(String[] keyTypes) {
    for (var type : keyTypes) {
      if (type.equals(key.getAlgorithm())) {
        return ALIAS;
      }
    }
    return null;
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[0];
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain.clone();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key;
  }
}
