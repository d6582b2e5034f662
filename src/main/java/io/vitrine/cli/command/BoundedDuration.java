package io.vitrine.cli.command;

import io.vitrine.config.DurationText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration as in the configuration, up to a day. */
public final class BoundedDuration implements ITypeConverter<Duration> {
  private static final Duration LONGEST = Duration.ofDays(1);

  /** Reads the options of a command. */
  public BoundedDuration() {}

  @Override
  public Duration convert(String text) {
    return DurationText.parse(text)
        .filter(duration -> duration.compareTo(LONGEST) <= 0)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "\"%s\" is not a duration from 0s to 24h, such as 90s or 5m".formatted(text)));
  }
}
