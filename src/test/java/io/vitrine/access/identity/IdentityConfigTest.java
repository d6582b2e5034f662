package io.vitrine.access.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.access.keystone.KeystoneConfig;
import io.vitrine.access.oidc.ConsoleClient;
import io.vitrine.access.oidc.OidcConfig;
import io.vitrine.access.policy.PolicyConfig;
import io.vitrine.access.quota.QuotaConfig;
import io.vitrine.config.ByteSize;
import io.vitrine.config.Secret;
import io.vitrine.net.address.Url;
import io.vitrine.settings.TestingConfig;
import io.vitrine.settings.VitrineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what: identity, policy, quota. */
class IdentityConfigTest {
  private final VitrineConfig defaults = TestingConfig.defaults();

  @Test
  void identityByDefault() {
    assertThat(defaults.identity())
        .isEqualTo(
            new IdentityConfig(
                NoIdentityConfig.KIND,
                false,
                Map.of(
                    NoIdentityConfig.KIND,
                    new NoIdentityConfig(false, "", ""),
                    KeystoneConfig.KIND,
                    new KeystoneConfig(
                        Optional.empty(),
                        Optional.empty(),
                        "glance",
                        new Secret(""),
                        "Default",
                        "service",
                        "Default",
                        "",
                        new Secret(""),
                        Optional.empty(),
                        Duration.ofSeconds(60),
                        20_000,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(10),
                        2,
                        16),
                    OidcConfig.KIND,
                    new OidcConfig(
                        Optional.empty(),
                        "",
                        "sub",
                        "project_id",
                        "roles",
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(10),
                        Optional.empty(),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(10),
                        2,
                        new ConsoleClient("", List.of("openid", "profile"))))));
  }

  @Test
  void identityGiven(@TempDir Path directory) throws IOException {
    var authority = Files.createFile(directory.resolve("ca.pem"));
    var config =
        TestingConfig.load(
            """
            identity:
              kind: keystone
              allow_non_loopback: true
              project: p
              user: u
              anonymous_read: true
              keystone:
                url: https://keystone.example:5000/v3
                www_authenticate_uri: https://login.example
                username: vitrine
                password: hush
                user_domain: services
                project: images
                project_domain: operators
                application_credential_id: a1
                application_credential_secret: sesame
                ca_file: %s
                cache_ttl: 5m
                cache_size: 10
                connect_timeout: 1s
                request_timeout: 2s
                retries: 0
                max_requests: 4
              oidc:
                issuer: https://login.example/realms/cloud
                audience: images
                user_claim: name
                project_claim: tenant
                roles_claim: realm_access.roles
                clock_leeway: 0s
                keys_ttl: 1m
                ca_file: %s
                connect_timeout: 4s
                request_timeout: 5s
                retries: 6
                console: {client_id: vitrine-console, scopes: [openid, roles]}
            """
                .formatted(authority, authority));

    assertThat(config.identity())
        .isEqualTo(
            new IdentityConfig(
                KeystoneConfig.KIND,
                true,
                Map.of(
                    NoIdentityConfig.KIND,
                    new NoIdentityConfig(true, "p", "u"),
                    KeystoneConfig.KIND,
                    new KeystoneConfig(
                        Optional.of(Url.parse("https://keystone.example:5000/v3")),
                        Optional.of("https://login.example"),
                        "vitrine",
                        new Secret("hush"),
                        "services",
                        "images",
                        "operators",
                        "a1",
                        new Secret("sesame"),
                        Optional.of(authority),
                        Duration.ofMinutes(5),
                        10,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        0,
                        4),
                    OidcConfig.KIND,
                    new OidcConfig(
                        Optional.of("https://login.example/realms/cloud"),
                        "images",
                        "name",
                        "tenant",
                        "realm_access.roles",
                        Duration.ZERO,
                        Duration.ofMinutes(1),
                        Optional.of(authority),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        6,
                        new ConsoleClient("vitrine-console", List.of("openid", "roles"))))));
  }

  @Test
  void namesTheKindsThatThereAre() {
    assertThat(TestingConfig.faults("identity: {kind: ldap}"))
        .containsExactly(
            "identity.kind: \"ldap\" is not allowed; give one of none, keystone, oidc");
  }

  @Test
  void keystoneNeedsItsUrlAndCredentials() {
    assertThat(TestingConfig.faults("identity: {kind: keystone}"))
        .containsExactly(
            "identity.keystone.url: identity.kind keystone needs the URL",
            "identity.keystone.password: identity.kind keystone needs a password or an application"
                + " credential");
    assertThat(TestingConfig.faults("identity: {keystone: {application_credential_id: a1}}"))
        .containsExactly(
            "identity.keystone.application_credential_secret: an application credential needs its"
                + " secret");
  }

  @Test
  void policyByDefault() {
    assertThat(defaults.policy())
        .isEqualTo(
            new PolicyConfig(
                Optional.empty(),
                Duration.ofSeconds(10),
                new PolicyConfig.PropertyProtection(Optional.empty(), "roles")));
  }

  @Test
  void policyGiven() {
    var config =
        TestingConfig.load(
            """
            policy:
              file: conf/vitrine.yaml
              refresh_interval: 1m
              property_protection:
                file: conf/../pom.xml
                rule_format: policies
            """);

    assertThat(config.policy())
        .isEqualTo(
            new PolicyConfig(
                Optional.of(Path.of("conf/vitrine.yaml").toAbsolutePath()),
                Duration.ofMinutes(1),
                new PolicyConfig.PropertyProtection(
                    Optional.of(Path.of("pom.xml").toAbsolutePath()), "policies")));
  }

  @Test
  void oidcNeedsItsIssuerAndAudience() {
    assertThat(TestingConfig.faults("identity: {kind: oidc}"))
        .containsExactly(
            "identity.oidc.issuer: identity.kind oidc needs the issuer",
            "identity.oidc.audience: identity.kind oidc needs the audience");
  }

  @Test
  void consoleAsksForAnIdToken() {
    assertThat(
            TestingConfig.faults("identity: {oidc: {console: {client_id: c, scopes: [profile]}}}"))
        .containsExactly("identity.oidc.console.scopes: sign-in needs the scope openid");
    assertThat(TestingConfig.faults("identity: {oidc: {console: {scopes: [\"a b\"]}}}"))
        .singleElement()
        .asString()
        .startsWith("identity.oidc.console.scopes: ");
  }

  @Test
  void quotaByDefault() {
    assertThat(defaults.quota())
        .isEqualTo(
            new QuotaConfig(
                "none",
                -1,
                -1,
                -1,
                -1,
                new ByteSize(0),
                new QuotaConfig.Keystone("", "", Duration.ofSeconds(30))));
  }

  @Test
  void quotaGiven() {
    var config =
        TestingConfig.load(
            """
            identity: {kind: keystone, keystone: {url: "http://keystone", password: x}}
            quota:
              source: keystone
              image_size_total: 1
              image_stage_total: 2
              image_count_total: 3
              image_count_uploading: 0
              user_storage_quota: 5GiB
              keystone: {service_id: glance, region_id: north, cache_ttl: 1m}
            """);

    assertThat(config.quota())
        .isEqualTo(
            new QuotaConfig(
                "keystone",
                1,
                2,
                3,
                0,
                ByteSize.of("5GiB"),
                new QuotaConfig.Keystone("glance", "north", Duration.ofMinutes(1))));
  }

  @Test
  void refusesQuotasOfAKeystoneThatIsNotAsked() {
    assertThatThrownBy(() -> TestingConfig.load("quota: {source: keystone}"))
        .hasMessageContaining("quota.source");
  }
}
