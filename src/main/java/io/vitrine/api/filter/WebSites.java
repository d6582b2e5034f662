package io.vitrine.api.filter;

import java.util.List;

/**
 * The web sites whose pages may call the API.
 *
 * @param allowedOrigins none: browsers are not told anything
 * @param allowCredentials whether those pages may send credentials of the browser along
 */
public record WebSites(List<String> allowedOrigins, boolean allowCredentials) {
  /** Copies the list. */
  public WebSites {
    allowedOrigins = List.copyOf(allowedOrigins);
  }
}
