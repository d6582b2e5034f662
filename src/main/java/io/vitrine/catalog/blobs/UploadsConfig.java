package io.vitrine.catalog.blobs;

import io.vitrine.config.Section;
import java.time.Duration;

/**
 * Uploads in several requests.
 *
 * @param expiry how long an upload may rest before it is given up
 * @param takeover how long a request may receive nothing before another one may take its place
 */
public record UploadsConfig(Duration expiry, Duration takeover) {
  /** Reads the section. */
  public static UploadsConfig from(Section section) {
    return new UploadsConfig(
        section.duration("expiry", "1s", "365d"), section.duration("takeover", "1s", "1h"));
  }
}
