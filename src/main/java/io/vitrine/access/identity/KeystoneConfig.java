package io.vitrine.access.identity;

import io.vitrine.config.Secret;
import io.vitrine.config.Section;
import io.vitrine.net.UrlKeys;
import io.vitrine.net.address.Url;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Keystone, and this service's own credentials: an application credential if an id is given,
 * otherwise a password.
 */
public record KeystoneConfig(
    Optional<Url> url,
    Optional<String> wwwAuthenticateUri,
    String username,
    Secret password,
    String userDomain,
    String project,
    String projectDomain,
    String applicationCredentialId,
    Secret applicationCredentialSecret,
    Optional<Path> caFile,
    Duration cacheTtl,
    int cacheSize,
    Duration connectTimeout,
    Duration requestTimeout,
    int retries,
    int maxRequests) {

  static KeystoneConfig from(Section section, boolean isUsed) {
    var config =
        new KeystoneConfig(
            UrlKeys.url(section, "url"),
            UrlKeys.text(section, "www_authenticate_uri"),
            section.text("username"),
            section.secret("password"),
            section.text("user_domain"),
            section.text("project"),
            section.text("project_domain"),
            section.text("application_credential_id"),
            section.secret("application_credential_secret"),
            section.file("ca_file"),
            section.duration("cache_ttl", "0s", "1h"),
            section.integer("cache_size", 1, 10_000_000),
            section.duration("connect_timeout", "100ms", "5m"),
            section.duration("request_timeout", "100ms", "5m"),
            section.integer("retries", 0, 10),
            section.integer("max_requests", 1, 1000));
    section.require(
        !isUsed || config.url.isPresent(), "url", "identity.kind keystone needs the URL");
    section.require(
        !isUsed || config.isByApplicationCredential() || !config.password.value().isEmpty(),
        "password",
        "identity.kind keystone needs a password or an application credential");
    section.require(
        !config.isByApplicationCredential()
            || !config.applicationCredentialSecret.value().isEmpty(),
        "application_credential_secret",
        "an application credential needs its secret");
    return config;
  }

  /** Whether the credentials are an application credential. */
  public boolean isByApplicationCredential() {
    return !applicationCredentialId.isEmpty();
  }
}
