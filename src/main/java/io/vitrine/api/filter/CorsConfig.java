package io.vitrine.api.filter;

import io.vitrine.config.Section;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The web sites whose pages may call the API.
 *
 * @param allowedOrigins if empty, no CORS header is ever sent
 * @param allowCredentials whether browsers may send credentials along
 */
public record CorsConfig(List<String> allowedOrigins, boolean allowCredentials) {
  private static final Pattern ORIGIN = Pattern.compile("\\*|https?://[^/ ]+");

  /** Copies the list. */
  public CorsConfig {
    allowedOrigins = List.copyOf(allowedOrigins);
  }

  /** Reads the section. */
  public static CorsConfig from(Section section) {
    return new CorsConfig(
        section.texts("allowed_origins", ORIGIN, "* or origins such as https://cloud.example"),
        section.flag("allow_credentials"));
  }
}
