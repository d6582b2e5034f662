package io.vitrine.catalog.tickets;

import io.vitrine.config.Section;
import java.time.Duration;

/**
 * Access to the data of single images by URLs.
 *
 * @param enabled whether tickets are made and honoured
 * @param lifetime how long a ticket lives whose maker does not say it
 * @param maxLifetime how long a ticket may live
 * @param maxPerImage how many tickets of an image may be active at a time
 */
public record TicketsConfig(
    boolean enabled, Duration lifetime, Duration maxLifetime, int maxPerImage) {
  /** Reads the section. */
  public static TicketsConfig from(Section section) {
    var config =
        new TicketsConfig(
            section.flag("enabled"),
            section.duration("lifetime", "1s", "365d"),
            section.duration("max_lifetime", "1s", "365d"),
            section.integer("max_per_image", 1, 1000));
    section.require(
        config.lifetime.compareTo(config.maxLifetime) <= 0,
        "lifetime",
        "it must not be longer than max_lifetime");
    return config;
  }
}
