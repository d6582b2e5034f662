package io.vitrine.config;

import java.util.List;

/**
 * Who the callers are. With kind {@code none} everybody is an administrator, in the given project
 * and with the given user name; empty: in none.
 */
public record IdentityConfig(String kind, boolean allowNonLoopback, String project, String user) {
  static IdentityConfig from(Section section) {
    return new IdentityConfig(
        section.choice("kind", List.of("none")),
        section.flag("allow_non_loopback"),
        section.text("project"),
        section.text("user"));
  }
}
