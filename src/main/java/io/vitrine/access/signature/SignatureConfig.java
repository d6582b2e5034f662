package io.vitrine.access.signature;

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
}
