package io.vitrine.access.identity;

import io.vertx.core.Vertx;
import io.vitrine.access.quota.Limits;
import io.vitrine.access.quota.QuotaConfig;
import io.vitrine.config.Section;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How callers are authenticated. With kind {@code none}, everybody is an administrator with the
 * given user and project; empty means none.
 *
 * @param anonymousRead whether requests without a token may read public images
 */
public record IdentityConfig(
    String kind,
    boolean allowNonLoopback,
    String project,
    String user,
    boolean anonymousRead,
    KeystoneConfig keystone,
    OidcConfig oidc) {
  /** Reads the section. */
  public static IdentityConfig from(Section section) {
    var kind = section.choice("kind", List.of("none", "keystone", "oidc"));
    return new IdentityConfig(
        kind,
        section.flag("allow_non_loopback"),
        section.text("project"),
        section.text("user"),
        section.flag("anonymous_read"),
        KeystoneConfig.from(section.section("keystone"), kind.equals("keystone")),
        OidcConfig.from(section.section("oidc"), kind.equals("oidc")));
  }

  /** Opens the configured way of authenticating callers. */
  public Identity open(Vertx vertx, Clock clock) {
    var identity =
        switch (kind) {
          case "oidc" -> new OidcIdentity(vertx, oidc, clock);
          case "keystone" -> new KeystoneIdentity(vertx, keystone, clock);
          default -> new NoIdentity(orNull(user), orNull(project));
        };
    return anonymousRead && !kind.equals("none") ? new AnonymousReading(identity) : identity;
  }

  /** Opens the configured source of quotas; empty if projects are unlimited. */
  public Optional<Limits> limits(QuotaConfig quota, Vertx vertx, Clock clock) {
    if (!quota.isFromKeystone()) {
      return quota.limits();
    }
    var limits = new KeystoneLimits(vertx, keystone, quota.keystone(), clock);
    // Only for an early warning: a Keystone that is not up yet is asked again later.
    var _ = limits.checkModel();
    return Optional.of(limits);
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
