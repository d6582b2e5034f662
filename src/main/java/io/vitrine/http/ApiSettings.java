package io.vitrine.http;

import io.vitrine.front.Fronts;
import java.util.List;

/**
 * How the API takes requests.
 *
 * @param maxJsonBytes the largest body other than image data
 * @param maxRequestIdLength the longest request id that is taken over from a client
 * @param allowedOrigins the web sites whose pages may call the API; none: browsers are not told
 *     anything
 * @param allowCredentials whether those pages may send credentials of the browser along
 * @param fronts the proxies in front
 */
public record ApiSettings(
    long maxJsonBytes,
    int maxRequestIdLength,
    List<String> allowedOrigins,
    boolean allowCredentials,
    Fronts fronts) {
  /** Copies the list. */
  public ApiSettings {
    allowedOrigins = List.copyOf(allowedOrigins);
  }
}
