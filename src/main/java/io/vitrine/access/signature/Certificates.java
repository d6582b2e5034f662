package io.vitrine.access.signature;

import io.vertx.core.Future;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.UUID;

/** Where the certificates of signers are kept. */
public interface Certificates {
  /** The largest certificate that is looked at. */
  int MAX_BYTES = 64 << 10;

  /**
   * The certificate; fails as invalid if there is none that the caller may read, and as unavailable
   * when trying again later may help.
   *
   * @param token the caller's proof of identity, if it gave one
   */
  Future<X509Certificate> get(UUID id, Optional<String> token);
}
