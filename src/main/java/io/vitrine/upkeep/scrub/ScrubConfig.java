package io.vitrine.upkeep.scrub;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Section;
import java.time.Duration;

/**
 * Scrubbing of stored data.
 *
 * @param rate bytes per second that a node reads for it
 * @param interval how long data counts as sound after it was read or written
 * @param recheckInterval how soon missing or damaged data is checked again
 * @param surveyInterval how often stores are searched for orphans
 * @param orphanGrace the least age of an orphan
 */
public record ScrubConfig(
    boolean enabled,
    ByteSize rate,
    Duration interval,
    Duration recheckInterval,
    Duration surveyInterval,
    Duration orphanGrace) {
  /** Reads the section. */
  public static ScrubConfig from(Section section) {
    return new ScrubConfig(
        section.flag("enabled"),
        section.size("rate", "1KiB", "1TiB"),
        section.duration("interval", "1s", "3650d"),
        section.duration("recheck_interval", "1s", "3650d"),
        section.duration("survey_interval", "1s", "3650d"),
        section.duration("orphan_grace", "0s", "3650d"));
  }
}
