package io.vitrine.access.identity;

import io.vitrine.config.Section;
import java.util.List;

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
}
