package io.vitrine.api.filter;

import java.util.List;

/**
 * The web sites whose pages may call the API.
 *
 * @param allowedOrigins if empty, no CORS header is ever sent
 * @param allowCredentials whether browsers may send credentials along
 */
public record WebSites(List<String> allowedOrigins, boolean allowCredentials) {
  /** Copies the list. */
  public WebSites {
    allowedOrigins = List.copyOf(allowedOrigins);
  }
}
