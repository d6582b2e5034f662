package io.vitrine.config;

import io.vitrine.net.address.Url;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The source of signers' certificates: Barbican if its URL is set, otherwise a directory. */
public record SignatureConfig(Optional<Url> barbicanUrl, Path certificatesDir, Duration timeout) {
  static SignatureConfig from(Section section, Path dataDir) {
    return new SignatureConfig(
        section.httpUrl("barbican_url"),
        section.path("certificates_dir", dataDir.resolve("certificates")),
        section.duration("timeout", "100ms", "5m"));
  }
}
