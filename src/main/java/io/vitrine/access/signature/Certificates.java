package io.vitrine.access.signature;

import io.vertx.core.Future;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.UUID;

/** The source of signers' certificates. */
public interface Certificates {
  /** The largest certificate that is read. */
  int MAX_BYTES = 64 << 10;

  /**
   * The certificate. Fails as invalid if there is none that the caller may read, and as unavailable
   * when a retry may help.
   *
   * @param token the caller's token, if any
   */
  Future<X509Certificate> get(UUID id, Optional<String> token);
}
