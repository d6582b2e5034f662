package io.vitrine.access.keystone;

import io.vertx.core.Vertx;
import io.vitrine.access.identity.AuthenticationConfig;
import io.vitrine.access.identity.ClientConfig;
import io.vitrine.access.identity.Identity;
import io.vitrine.access.identity.IdentityKind;
import io.vitrine.access.identity.RetryingClient;
import io.vitrine.access.identity.SignIn;
import io.vitrine.config.Key;
import io.vitrine.config.Secret;
import io.vitrine.config.Section;
import io.vitrine.net.UrlKeys;
import io.vitrine.net.address.Url;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * The Keystone that validates tokens, and this service's own credentials: an application credential
 * if an id is given, otherwise a password.
 *
 * @param url the Identity API, with or without its {@code /v3}
 * @param wwwAuthenticateUri where users get their tokens, for the challenge of a 401 answer; absent
 *     if that is the URL
 * @param cacheTtl how long an accepted token is cached; a revocation takes effect no later
 * @param cacheSize the most tokens cached
 */
@Key("keystone")
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
    int maxRequests)
    implements ClientConfig, AuthenticationConfig {

  /** Tokens of Keystone. */
  public static final IdentityKind KIND =
      new IdentityKind(
          "keystone", (identity, isUsed) -> from(identity.section("keystone"), isUsed));

  private static KeystoneConfig from(Section section, boolean isUsed) {
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

  @Override
  public Identity open(Vertx vertx, Clock clock) {
    return new KeystoneIdentity(vertx, this, clock);
  }

  @Override
  public Optional<SignIn> signIn(Vertx vertx) {
    return Optional.of(new KeystoneSignIn(new RetryingClient(vertx, this), base()));
  }

  @Override
  public String examples(String endpoint) {
    return """
      # CLOUD is an entry of clouds.yaml, in whose catalog the image service is %1$s
      openstack --os-cloud CLOUD image create --disk-format qcow2 --container-format bare --file disk.qcow2 first
      openstack --os-cloud CLOUD image list
      curl -H "X-Auth-Token: $(openstack --os-cloud CLOUD token issue -f value -c id)" -o disk.qcow2 %1$s/v2/images/ID/file
    """
        .formatted(endpoint);
  }

  private boolean isByApplicationCredential() {
    return !applicationCredentialId.isEmpty();
  }

  /** This service's own credentials. */
  Credentials credentials() {
    return isByApplicationCredential()
        ? new Credentials.ApplicationCredential(
            applicationCredentialId, applicationCredentialSecret.value())
        : new Credentials.Password(username, userDomain, password.value(), project, projectDomain);
  }

  /** Where users get their tokens. */
  String publicUrl() {
    return wwwAuthenticateUri.orElseGet(() -> url.orElseThrow().toString());
  }

  /** The base URL of the Identity API v3. */
  String base() {
    var base = url.orElseThrow().toString().replaceAll("/+$", "");
    return base.endsWith("/v3") ? base : base + "/v3";
  }

  /** The resource that issues and validates tokens. */
  Url tokens() {
    return Url.parse(base() + "/auth/tokens");
  }
}
