package io.vitrine.observe.trace;

import io.vitrine.config.Secret;
import io.vitrine.config.Section;
import io.vitrine.net.UrlKeys;
import io.vitrine.net.address.Url;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tracing by OpenTelemetry.
 *
 * @param endpoint the collector's URL for traces, OTLP over HTTP
 * @param headers of requests to it, as in {@code OTEL_EXPORTER_OTLP_HEADERS}
 * @param sampleRatio the fraction of traces starting here that is recorded, 0 to 1
 * @param followCallers whether to continue the trace of a caller
 */
public record TracingConfig(
    boolean enabled,
    Optional<Url> endpoint,
    Secret headers,
    Optional<Path> caFile,
    String serviceName,
    double sampleRatio,
    boolean followCallers) {
  private static final Pattern HEADER =
      Pattern.compile(" *[A-Za-z0-9!#$%&'*+.^_`|~-]+=([ -$&-+.-~-]|%[0-9A-Fa-f]{2})*");

  /** Reads the section. */
  public static TracingConfig from(Section section) {
    var config =
        new TracingConfig(
            section.flag("enabled"),
            UrlKeys.libraryUrl(section, "endpoint"),
            section.secret("headers"),
            section.file("ca_file"),
            section.text("service_name"),
            section.ratio("sample_ratio"),
            section.flag("follow_callers"));
    section.require(
        !config.enabled || config.endpoint.isPresent(), "endpoint", "tracing needs the URL");
    section.require(
        config.eachHeader().allMatch(HEADER.asMatchPredicate()),
        "headers",
        "give pairs of name=value separated by commas, with percent-encoded values");
    return config;
  }

  /** The headers by name. */
  public Map<String, String> headersByName() {
    return eachHeader()
        .map(header -> header.strip().split("=", 2))
        .collect(
            Collectors.toMap(
                header -> header[0], header -> decoded(header[1]), (first, last) -> last));
  }

  private Stream<String> eachHeader() {
    return Arrays.stream(headers.value().split(",", -1)).filter(header -> !header.isBlank());
  }

  private static String decoded(String value) {
    // A plus sign is literal here.
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
