package io.vitrine.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A number of bytes, written as {@code 4096}, {@code 256KiB}, {@code 4MiB} and so on. */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,19})\\s*(|B|KiB|MiB|GiB|TiB|PiB)");
  private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB");

  /** Refuses negative sizes. */
  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size cannot be negative");
    }
  }

  /** Parses a size; empty if the text is malformed or exceeds a {@code long}. */
  public static Optional<ByteSize> parse(String text) {
    var matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      var count = Long.parseLong(matcher.group(1));
      var power = Math.max(0, UNITS.indexOf(matcher.group(2)));
      return Optional.of(new ByteSize(Math.multiplyExact(count, 1L << (10 * power))));
    } catch (ArithmeticException | NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }

  /** Parses a constant. */
  public static ByteSize of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("not a size: " + text));
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** The size in the largest unit that divides it. */
  @Override
  public String toString() {
    var power = bytes == 0 ? 0 : Math.min(UNITS.size() - 1, Long.numberOfTrailingZeros(bytes) / 10);
    return power == 0 ? Long.toString(bytes) : (bytes >> (10 * power)) + UNITS.get(power);
  }

  /** The size for people: in the largest unit that it fills, with one decimal place if needed. */
  public String toWords() {
    var power = Math.min(UNITS.size() - 1, (63 - Long.numberOfLeadingZeros(bytes | 1)) / 10);
    var rounded = String.format(Locale.ROOT, "%.1f", bytes / (double) (1L << (10 * power)));
    return rounded.replaceAll("\\.0$", "") + " " + UNITS.get(power);
  }
}
