package io.vitrine.api.query;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the forms of ISO 8601 that Glance accepts: from a year alone to fractions of a second,
 * with or without separators; UTC unless an offset is given.
 */
public final class IsoTime {
  private static final Pattern FORM =
      Pattern.compile(
          "(?<year>\\d{4})"
              + "(?:(?:-(?<monthDash>\\d{1,2})|(?<month>\\d{2})(?!$))"
              + "(?:(?:-(?<dayDash>\\d{1,2})|(?<day>\\d{2}))"
              + "(?:[ T](?<hour>\\d{2})(?::?(?<minute>\\d{2}))?"
              + "(?::?(?<second>\\d{1,2})(?:[.,](?<fraction>\\d+))?)?"
              + "(?:Z|(?<sign>[-+])(?<zoneHour>\\d{2}):?(?<zoneMinute>\\d{2})?)?)?)?)?");

  private IsoTime() {}

  /** The time; empty if the text has another form or names no time. */
  public static Optional<Instant> parse(String text) {
    var match = FORM.matcher(text);
    try {
      return match.matches() ? Optional.of(instant(match)) : Optional.empty();
    } catch (DateTimeException outOfRange) {
      return Optional.empty();
    }
  }

  private static Instant instant(Matcher match) {
    return LocalDateTime.of(
            number(match, "year", 1),
            number(match, "monthDash", number(match, "month", 1)),
            number(match, "dayDash", number(match, "day", 1)),
            number(match, "hour", 0),
            number(match, "minute", 0),
            number(match, "second", 0),
            nanos(match.group("fraction")))
        .toInstant(zone(match));
  }

  private static int number(Matcher match, String group, int otherwise) {
    var digits = match.group(group);
    return digits == null ? otherwise : Integer.parseInt(digits);
  }

  private static int nanos(@Nullable String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "0".repeat(9)).substring(0, 9));
  }

  private static ZoneOffset zone(Matcher match) {
    int sign = "-".equals(match.group("sign")) ? -1 : 1;
    return ZoneOffset.ofHoursMinutes(
        sign * number(match, "zoneHour", 0), sign * number(match, "zoneMinute", 0));
  }
}
