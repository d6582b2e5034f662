package io.vitrine.access.signature;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Future;
import io.vitrine.image.ContentSignature;
import io.vitrine.image.Image;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.Optional;

/** Finds the signature that an image's data must match, before any data is accepted. */
public record Signatures(Certificates certificates, Clock clock) {
  /**
   * The signature that the image declares, with the signer's key; empty if it declares none. Fails
   * if it can never be verified.
   *
   * @param token the caller's token, if any
   */
  public Future<Optional<ContentSignature>> find(Image image, Optional<String> token) {
    var declared = SignatureProperties.of(image.properties());
    return declared.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : Future.succeededFuture(declared.get())
            .map(SignatureProperties::certificateId)
            .compose(id -> certificates.get(id, token))
            .map(this::requireValid)
            .map(declared.get()::with)
            .map(Signatures::requireUsable)
            .map(Optional::of);
  }

  private X509Certificate requireValid(X509Certificate certificate) {
    try {
      certificate.checkValidity(Date.from(clock.instant()));
      return certificate;
    } catch (CertificateException outside) {
      throw invalid(
          "Signature verification failed: the certificate is outside its valid date range.");
    }
  }

  private static ContentSignature requireUsable(ContentSignature signature) {
    SignatureVerifier.of(signature);
    return signature;
  }
}
