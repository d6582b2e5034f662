package io.vitrine.access.identity;

import io.vitrine.config.Section;
import io.vitrine.net.UrlKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** An OpenID Connect provider, and the claims of its tokens. */
public record OidcConfig(
    Optional<String> issuer,
    String audience,
    String userClaim,
    String projectClaim,
    String rolesClaim,
    Duration clockLeeway,
    Duration keysTtl,
    Optional<Path> caFile,
    Duration connectTimeout,
    Duration requestTimeout,
    int retries) {

  static OidcConfig from(Section section, boolean isUsed) {
    var config =
        new OidcConfig(
            UrlKeys.text(section, "issuer"),
            section.text("audience"),
            section.text("user_claim"),
            section.text("project_claim"),
            section.text("roles_claim"),
            section.duration("clock_leeway", "0s", "5m"),
            section.duration("keys_ttl", "10s", "7d"),
            section.file("ca_file"),
            section.duration("connect_timeout", "100ms", "5m"),
            section.duration("request_timeout", "100ms", "5m"),
            section.integer("retries", 0, 10));
    section.require(
        !isUsed || config.issuer.isPresent(), "issuer", "identity.kind oidc needs the issuer");
    section.require(
        !isUsed || !config.audience.isEmpty(), "audience", "identity.kind oidc needs the audience");
    return config;
  }
}
