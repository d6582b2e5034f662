package io.vitrine.app;

import io.vertx.core.Vertx;
import io.vitrine.access.identity.AnonymousReading;
import io.vitrine.access.identity.ClientSettings;
import io.vitrine.access.identity.Credentials;
import io.vitrine.access.identity.Identity;
import io.vitrine.access.identity.KeystoneIdentity;
import io.vitrine.access.identity.KeystoneLimits;
import io.vitrine.access.identity.KeystoneSettings;
import io.vitrine.access.identity.NoIdentity;
import io.vitrine.access.identity.OidcIdentity;
import io.vitrine.access.identity.OidcSettings;
import io.vitrine.access.quota.Limits;
import io.vitrine.access.quota.ProjectLimits;
import io.vitrine.access.quota.QuotaConfig;
import io.vitrine.access.quota.Resource;
import io.vitrine.settings.VitrineConfig;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Creates authentication and quotas from the configuration. */
final class IdentityWiring {
  private final Vertx vertx;
  private final VitrineConfig config;

  IdentityWiring(Vertx vertx, VitrineConfig config) {
    this.vertx = vertx;
    this.config = config;
  }

  /** The configured way of authenticating callers. */
  Identity identity() {
    var given = config.identity();
    var identity =
        switch (given.kind()) {
          case "oidc" -> new OidcIdentity(vertx, oidc(), Clock.systemUTC());
          case "keystone" -> new KeystoneIdentity(vertx, keystone(), Clock.systemUTC());
          default -> new NoIdentity(orNull(given.user()), orNull(given.project()));
        };
    return given.anonymousRead() && !given.kind().equals("none")
        ? new AnonymousReading(identity)
        : identity;
  }

  /** The source of quotas; empty if projects are unlimited. */
  Optional<Limits> limits() {
    var quota = config.quota();
    if (quota.source().equals("keystone")) {
      var asked = quota.keystone();
      var limits =
          new KeystoneLimits(
              vertx,
              keystone(),
              new KeystoneLimits.Filter(asked.serviceId(), asked.regionId()),
              asked.cacheTtl(),
              Clock.systemUTC());
      // Only for an early warning: a Keystone that is not up yet is asked again later.
      var _ = limits.checkModel();
      return Optional.of(limits);
    }
    var storage = quota.userStorageQuota().bytes();
    var limits =
        new ProjectLimits(
            quota.source().equals("local") ? amounts(quota) : Map.of(),
            storage == 0 ? OptionalLong.empty() : OptionalLong.of(storage));
    return limits.isNone() ? Optional.empty() : Optional.of(Limits.same(limits));
  }

  private static Map<Resource, Long> amounts(QuotaConfig quota) {
    return Map.of(
        Resource.IMAGE_SIZE_TOTAL, (long) quota.imageSizeTotal(),
        Resource.IMAGE_STAGE_TOTAL, (long) quota.imageStageTotal(),
        Resource.IMAGE_COUNT_TOTAL, (long) quota.imageCountTotal(),
        Resource.IMAGE_COUNT_UPLOADING, (long) quota.imageCountUploading());
  }

  private KeystoneSettings keystone() {
    var keystone = config.identity().keystone();
    var url = keystone.url().orElseThrow();
    var credentials =
        keystone.isByApplicationCredential()
            ? new Credentials.ApplicationCredential(
                keystone.applicationCredentialId(), keystone.applicationCredentialSecret().value())
            : new Credentials.Password(
                keystone.username(),
                keystone.userDomain(),
                keystone.password().value(),
                keystone.project(),
                keystone.projectDomain());
    return new KeystoneSettings(
        url,
        keystone.wwwAuthenticateUri().orElseGet(url::toString),
        credentials,
        keystone.cacheTtl(),
        keystone.cacheSize(),
        new ClientSettings(
            keystone.caFile(),
            keystone.connectTimeout(),
            keystone.requestTimeout(),
            keystone.retries(),
            keystone.maxRequests()));
  }

  private OidcSettings oidc() {
    var oidc = config.identity().oidc();
    return new OidcSettings(
        oidc.issuer().orElseThrow(),
        oidc.audience(),
        new OidcSettings.Claims(oidc.userClaim(), oidc.projectClaim(), oidc.rolesClaim()),
        oidc.clockLeeway(),
        oidc.keysTtl(),
        new ClientSettings(
            oidc.caFile(), oidc.connectTimeout(), oidc.requestTimeout(), oidc.retries(), 1));
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
