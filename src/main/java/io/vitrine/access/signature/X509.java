package io.vitrine.access.signature;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.buffer.Buffer;
import io.vitrine.image.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.security.Provider;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.UUID;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Parses certificates, including those with keys on curves that Java has removed. */
final class X509 {
  static final Provider PROVIDER = new BouncyCastleProvider();

  private X509() {}

  /** The certificate in DER or PEM. */
  static X509Certificate parse(UUID id, Buffer bytes) {
    try {
      var factory = CertificateFactory.getInstance("X.509", PROVIDER);
      var parsed = factory.generateCertificate(new ByteArrayInputStream(bytes.getBytes()));
      if (parsed instanceof X509Certificate certificate) {
        return certificate;
      }
    } catch (CertificateException malformed) {
      throw unusable(id);
    }
    throw unusable(id);
  }

  static ProblemException unusable(UUID id) {
    return invalid("The secret %s is not an X.509 certificate.".formatted(id));
  }

  static ProblemException notFound(UUID id) {
    return invalid("Certificate not found with ID: %s".formatted(id));
  }
}
