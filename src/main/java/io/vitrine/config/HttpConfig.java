package io.vitrine.config;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The API's listener. Port 0 takes a free one; without a public endpoint links name the host that
 * the client asked for.
 */
public record HttpConfig(
    String host,
    int port,
    Optional<URI> publicEndpoint,
    Duration idleTimeout,
    ByteSize maxHeaderSize,
    ByteSize maxJsonBody,
    int maxRequestIdLength,
    Duration idempotencyTtl,
    Cors cors,
    int instances) {
  private static final Pattern ORIGIN = Pattern.compile("\\*|https?://[^/ ]+");

  /** The web sites whose pages may call the API. */
  public record Cors(List<String> allowedOrigins, boolean allowCredentials) {
    /** Copies the list. */
    public Cors {
      allowedOrigins = List.copyOf(allowedOrigins);
    }

    static Cors from(Section section) {
      return new Cors(
          section.texts("allowed_origins", ORIGIN, "* or origins such as https://cloud.example"),
          section.flag("allow_credentials"));
    }
  }

  static HttpConfig from(Section section) {
    return new HttpConfig(
        section.text("host"),
        section.integer("port", 0, 65535),
        section.httpUrl("public_endpoint"),
        section.duration("idle_timeout", "1s", "1h"),
        section.size("max_header_size", "1KiB", "1MiB"),
        section.size("max_json_body", "1KiB", "64MiB"),
        section.integer("max_request_id_length", 16, 1024),
        section.duration("idempotency_ttl", "1s", "3650d"),
        Cors.from(section.section("cors")),
        section.integer("instances", 1, 256));
  }

  /** An address that only this machine can reach; a name other than localhost is not asked for. */
  static boolean isLoopback(String host) {
    if (host.equals("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }
}
