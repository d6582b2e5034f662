package io.vitrine.fetch;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Key;
import io.vitrine.config.Section;
import java.time.Duration;

/**
 * Downloads from web servers.
 *
 * @param urls the permitted URLs
 * @param maxAttempts of a download, and of resuming it in succession without progress
 * @param maxResumes how often a download may be resumed
 * @param retryPause before the first attempt to resume; it doubles
 * @param minRate the least rate in bytes per second, averaged over each window
 * @param timeLimit of one download, over all its connections
 */
public record WebDownloadConfig(
    @Key("") UrlConfig urls,
    int maxRedirects,
    Duration connectTimeout,
    Duration readTimeout,
    int maxAttempts,
    int maxResumes,
    Duration retryPause,
    ByteSize minRate,
    Duration minRateWindow,
    Duration timeLimit) {
  /** Reads the section. */
  public static WebDownloadConfig from(Section section) {
    return new WebDownloadConfig(
        UrlConfig.from(section),
        section.integer("max_redirects", 0, 20),
        section.duration("connect_timeout", "100ms", "5m"),
        section.duration("read_timeout", "100ms", "1h"),
        section.integer("max_attempts", 1, 100),
        section.integer("max_resumes", 0, 10_000),
        section.duration("retry_pause", "1ms", "1m"),
        section.size("min_rate", "0", "1GiB"),
        section.duration("min_rate_window", "100ms", "1h"),
        section.duration("time_limit", "1s", "30d"));
  }

  /** What users may fetch, and how. */
  public FetchRules rules() {
    return rules(urls, urls);
  }

  /**
   * The same for other URLs.
   *
   * @param permitted the permitted URLs; without networks, those of these downloads apply
   */
  public FetchRules rulesFor(UrlConfig permitted) {
    return rules(permitted, permitted.hasNetworks() ? permitted : urls);
  }

  private FetchRules rules(UrlConfig permitted, UrlConfig networks) {
    return new FetchRules(
        permitted.filter(),
        networks.networks(),
        maxRedirects,
        connectTimeout,
        readTimeout,
        resumption());
  }

  /** How broken transfers are resumed. */
  public Resumption resumption() {
    return new Resumption(
        maxResumes,
        maxAttempts,
        retryPause,
        new MinimumRate(minRate.bytes(), minRateWindow, timeLimit));
  }
}
