package io.vitrine.api;

import io.vitrine.api.console.ConsoleConfig;
import io.vitrine.api.filter.CorsConfig;
import io.vitrine.api.filter.HealthcheckConfig;
import io.vitrine.config.Key;
import io.vitrine.config.Section;
import io.vitrine.net.listener.LimitsConfig;
import io.vitrine.net.listener.ListenerConfig;
import io.vitrine.net.listener.TlsConfig;
import io.vitrine.net.proxy.FrontConfig;
import java.time.Duration;

/** The API's listener. Port 0 selects a free one. */
public record HttpConfig(
    String host,
    int port,
    @Key("") FrontConfig front,
    TlsConfig tls,
    @Key("") LimitsConfig limits,
    Duration idempotencyTtl,
    CorsConfig cors,
    HealthcheckConfig healthcheck,
    ConsoleConfig console,
    int instances)
    implements ListenerConfig {
  /** Reads the section. */
  public static HttpConfig from(Section section) {
    return new HttpConfig(
        section.text("host"),
        section.integer("port", 0, 65535),
        FrontConfig.from(section),
        TlsConfig.from(section.section("tls")),
        LimitsConfig.from(section),
        section.duration("idempotency_ttl", "1s", "3650d"),
        CorsConfig.from(section.section("cors")),
        HealthcheckConfig.from(section.section("healthcheck")),
        ConsoleConfig.from(section.section("console")),
        section.integer("instances", 1, 256));
  }
}
