package io.vitrine.api.events;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/** The ids of events: a moment of the database's clock, in microseconds since 1970. */
final class EventId {
  private static final Pattern FORM = Pattern.compile("[0-9]{1,16}");

  private EventId() {}

  static String of(Instant moment) {
    return String.valueOf(ChronoUnit.MICROS.between(Instant.EPOCH, moment));
  }

  /** The moment; empty if the text is no id of ours. */
  static Optional<Instant> parse(String text) {
    return FORM.matcher(text).matches()
        ? Optional.of(Instant.EPOCH.plus(Long.parseLong(text), ChronoUnit.MICROS))
        : Optional.empty();
  }
}
