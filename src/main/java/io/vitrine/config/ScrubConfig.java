package io.vitrine.config;

import java.time.Duration;

/**
 * How stored data is looked over.
 *
 * @param rate how many bytes a second a node reads for it
 * @param interval how long data is trusted after it was read or written
 * @param recheckInterval how soon data that is missing or damaged is looked at again
 * @param surveyInterval how often stores are searched for what nobody knows
 * @param orphanGrace how old that must be
 */
public record ScrubConfig(
    boolean enabled,
    ByteSize rate,
    Duration interval,
    Duration recheckInterval,
    Duration surveyInterval,
    Duration orphanGrace) {
  static ScrubConfig from(Section section) {
    return new ScrubConfig(
        section.flag("enabled"),
        section.size("rate", "1KiB", "1TiB"),
        section.duration("interval", "1s", "3650d"),
        section.duration("recheck_interval", "1s", "3650d"),
        section.duration("survey_interval", "1s", "3650d"),
        section.duration("orphan_grace", "0s", "3650d"));
  }
}
