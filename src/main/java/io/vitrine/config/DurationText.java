package io.vitrine.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations in the configuration's notation: {@code 500ms}, {@code 15s}, {@code 48h}. */
public final class DurationText {
  // Eleven digits of days still fit in a Duration.
  private static final Pattern TEXT = Pattern.compile("(\\d{1,11})\\s*(ms|s|m|h|d)");

  private DurationText() {}

  /** The duration; empty if the text is none. */
  public static Optional<Duration> parse(String text) {
    var matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(Duration.of(Long.parseLong(matcher.group(1)), unit(matcher.group(2))));
  }

  private static ChronoUnit unit(String suffix) {
    return switch (suffix) {
      case "ms" -> ChronoUnit.MILLIS;
      case "s" -> ChronoUnit.SECONDS;
      case "m" -> ChronoUnit.MINUTES;
      case "h" -> ChronoUnit.HOURS;
      default -> ChronoUnit.DAYS;
    };
  }

  static String print(Duration duration) {
    var millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    var seconds = millis / 1000;
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
  }
}
