package io.vitrine.access.oidc;

import io.vertx.core.Vertx;
import io.vitrine.access.identity.AuthenticationConfig;
import io.vitrine.access.identity.ClientConfig;
import io.vitrine.access.identity.CodeSignIn;
import io.vitrine.access.identity.Identity;
import io.vitrine.access.identity.IdentityKind;
import io.vitrine.config.Key;
import io.vitrine.config.Section;
import io.vitrine.net.UrlKeys;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * The OpenID Connect provider whose tokens are accepted, and their claims. In the name of a claim a
 * dot descends into an object, as in {@code realm_access.roles}.
 *
 * @param issuer the provider's URL as its tokens have it; its discovery document lies below
 * @param audience the audience that tokens must name
 * @param clockLeeway the tolerated difference of clocks
 * @param keysTtl how long the provider's keys and endpoints are cached
 * @param console the client by which the console's users sign in
 */
@Key("oidc")
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
    int retries,
    ConsoleClient console)
    implements ClientConfig, AuthenticationConfig {

  private static final int MAX_REQUESTS = 16;

  /** Documents and tokens have some KiB. */
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  /** Tokens of an OpenID Connect provider. */
  public static final IdentityKind KIND =
      new IdentityKind("oidc", (identity, isUsed) -> from(identity.section("oidc"), isUsed));

  private static OidcConfig from(Section section, boolean isUsed) {
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
            section.integer("retries", 0, 10),
            ConsoleClient.from(section.section("console")));
    section.require(
        !isUsed || config.issuer.isPresent(), "issuer", "identity.kind oidc needs the issuer");
    section.require(
        !isUsed || !config.audience.isEmpty(), "audience", "identity.kind oidc needs the audience");
    return config;
  }

  @Override
  public Identity open(Vertx vertx, Clock clock) {
    return new OidcIdentity(vertx, this, clock);
  }

  @Override
  public String examples(String url) {
    return """
      # TOKEN holds an access token of your OpenID Connect provider
      openstack --os-auth-type admin_token --os-endpoint %1$s --os-token "$TOKEN" image create --disk-format qcow2 --container-format bare --file disk.qcow2 first
      openstack --os-auth-type admin_token --os-endpoint %1$s --os-token "$TOKEN" image list
      curl -H "Authorization: Bearer $TOKEN" -o disk.qcow2 %1$s/v2/images/ID/file
    """
        .formatted(url);
  }

  @Override
  public Optional<CodeSignIn> codeSignIn(Vertx vertx, Clock clock) {
    return console.isKnown() ? Optional.of(new OidcSignIn(vertx, this, clock)) : Optional.empty();
  }

  /** The keys are fetched one after the other; the users of the console sign in side by side. */
  @Override
  public int maxRequests() {
    return MAX_REQUESTS;
  }

  @Override
  public int maxAnswerBytes() {
    return MAX_ANSWER_BYTES;
  }
}
