package io.vitrine.access.signature;

import io.vertx.core.Vertx;
import io.vitrine.config.Section;
import io.vitrine.net.UrlKeys;
import io.vitrine.net.address.Url;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The source of signers' certificates: Barbican if its URL is set, otherwise a directory. */
public record SignatureConfig(Optional<Url> barbicanUrl, Path certificatesDir, Duration timeout) {
  /** Reads the section. */
  public static SignatureConfig from(Section section, Path dataDir) {
    return new SignatureConfig(
        UrlKeys.url(section, "barbican_url"),
        section.path("certificates_dir", dataDir.resolve("certificates")),
        section.duration("timeout", "100ms", "5m"));
  }

  /** Barbican; empty if the certificates are in a directory. */
  public Optional<Barbican> keyManager(Vertx vertx) {
    return barbicanUrl.map(url -> new Barbican(vertx, url, timeout));
  }

  /**
   * The certificates.
   *
   * @param keyManager where they are; empty: in the directory
   */
  public Certificates certificates(Vertx vertx, Optional<Barbican> keyManager) {
    return keyManager
        .<Certificates>map(BarbicanCertificates::new)
        .orElseGet(() -> new DirectoryCertificates(vertx, certificatesDir));
  }
}
