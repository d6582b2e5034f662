package io.vitrine.config;

import java.util.List;

/**
 * Who the callers are. With kind {@code none} everybody is an administrator, in the given project
 * and with the given user name; empty: in none.
 *
 * @param anonymousRead whether those who show no token may read what is open to all
 */
public record IdentityConfig(
    String kind,
    boolean allowNonLoopback,
    String project,
    String user,
    boolean anonymousRead,
    KeystoneConfig keystone,
    OidcConfig oidc) {
  static IdentityConfig from(Section section) {
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
