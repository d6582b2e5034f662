package io.vitrine.access.identity;

import io.vertx.core.Vertx;
import io.vitrine.config.Key;
import io.vitrine.config.Section;
import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How callers are authenticated.
 *
 * @param kind the kind in use
 * @param anonymousRead whether requests without a token may read public images
 * @param kinds the configurations of all kinds
 */
public record IdentityConfig(
    IdentityKind kind,
    boolean anonymousRead,
    @Key("") Map<IdentityKind, AuthenticationConfig> kinds) {
  /** Copies the map. */
  public IdentityConfig {
    kinds = Collections.unmodifiableMap(new LinkedHashMap<>(kinds));
  }

  /**
   * Reads the section.
   *
   * @param kinds at least one; the first one is the default
   */
  public static IdentityConfig from(Section section, List<IdentityKind> kinds) {
    var used = section.choice("kind", kinds, IdentityKind::name);
    var configs = new LinkedHashMap<IdentityKind, AuthenticationConfig>();
    kinds.forEach(kind -> configs.put(kind, kind.reader().read(section, kind.equals(used))));
    return new IdentityConfig(used, section.flag("anonymous_read"), configs);
  }

  /** The configuration of the kind in use. */
  public AuthenticationConfig used() {
    return Objects.requireNonNull(kinds.get(kind));
  }

  /** Opens the configured way of authenticating callers. */
  public Identity open(Vertx vertx, Clock clock) {
    var identity = used().open(vertx, clock);
    return anonymousRead && used().hasTokens() ? new AnonymousReading(identity) : identity;
  }
}
