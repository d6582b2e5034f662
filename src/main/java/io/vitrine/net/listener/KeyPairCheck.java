package io.vitrine.net.listener;

import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.security.GeneralSecurityException;
import java.security.KeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.X509KeyManager;

/** Checks that a key belongs to its certificate; Java would fail only in a handshake. */
final class KeyPairCheck {
  private static final byte[] SAMPLE = new byte[32];

  private KeyPairCheck() {}

  static void require(Vertx vertx, KeyCertOptions pair) throws GeneralSecurityException {
    var keys = keys(vertx, pair);
    var alias =
        Stream.of("RSA", "EC", "EdDSA", "RSASSA-PSS")
            .map(type -> keys.getServerAliases(type, null))
            .flatMap(aliases -> Optional.ofNullable(aliases).stream().flatMap(Stream::of))
            .findFirst()
            .orElseThrow(() -> new KeyException("the key is of an unsupported kind"));
    var certificate = keys.getCertificateChain(alias)[0].getPublicKey();
    if (!isPair(keys.getPrivateKey(alias), certificate)) {
      throw new KeyException("the key does not belong to the certificate");
    }
  }

  private static X509KeyManager keys(Vertx vertx, KeyCertOptions pair)
      throws GeneralSecurityException {
    try {
      return Stream.of(pair.getKeyManagerFactory(vertx).getKeyManagers())
          .filter(X509KeyManager.class::isInstance)
          .map(X509KeyManager.class::cast)
          .findFirst()
          .orElseThrow(() -> new KeyException("there is no key"));
    } catch (GeneralSecurityException failure) {
      throw failure;
    } catch (Exception malformed) {
      throw new KeyException("the files cannot be read: " + malformed.getMessage(), malformed);
    }
  }

  private static boolean isPair(PrivateKey key, PublicKey certificate)
      throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(certificate.getAlgorithm())) {
      return false;
    }
    var signature = Signature.getInstance(algorithm(key.getAlgorithm()));
    signature.initSign(key);
    signature.update(SAMPLE);
    var signed = signature.sign();
    signature.initVerify(certificate);
    signature.update(SAMPLE);
    return signature.verify(signed);
  }

  private static String algorithm(String key) {
    return switch (key) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key;
    };
  }
}
