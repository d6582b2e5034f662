package io.vitrine.image.location;

import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.outOfRange;

import io.vitrine.image.problem.ProblemException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A range of bytes within data of known length. */
public record ByteRange(long offset, long length) {
  private static final Pattern BYTES = Pattern.compile("bytes\\s*=\\s*(.+)");
  private static final Pattern SPAN = Pattern.compile("(\\d*)\\s*-\\s*(\\d*)");
  private static final Pattern LEGACY = Pattern.compile("bytes\\s+(\\d+)-(\\d+)/(?:\\*|\\d+)");

  /** Refuses negative numbers. */
  public ByteRange {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("offset %d, length %d".formatted(offset, length));
    }
  }

  /** The offset of the last byte. */
  public long last() {
    return offset + length - 1;
  }

  /** The offset after the last byte. */
  public long end() {
    return offset + length;
  }

  /**
   * Parses a {@code Range} header (RFC 9110, 14.2) for data of a size in bytes.
   *
   * @throws ProblemException invalid for several ranges, out of range for one that cannot be
   *     satisfied
   */
  public static ByteRange ofHeader(String header, long size) {
    Matcher bytes = BYTES.matcher(header.strip().toLowerCase(Locale.ROOT));
    if (!bytes.matches()) {
      throw unmet(header, size);
    }
    String set = bytes.group(1);
    if (set.contains(",")) {
      throw invalid("Only one byte range can be requested at a time.");
    }
    Matcher span = SPAN.matcher(set.strip());
    if (!span.matches()) {
      throw unmet(header, size);
    }
    return of(number(span.group(1)), number(span.group(2)), size)
        .orElseThrow(() -> unmet(header, size));
  }

  /**
   * Parses the {@code Content-Range} request header that old clients send instead of {@code Range}.
   * It states exact positions, so an end past the data is not clipped.
   *
   * @throws ProblemException if it cannot be satisfied
   */
  public static ByteRange ofLegacyHeader(String header, long size) {
    Matcher span = LEGACY.matcher(header.strip().toLowerCase(Locale.ROOT));
    if (!span.matches()) {
      throw unmet(header, size);
    }
    var last = number(span.group(2));
    return of(number(span.group(1)), last, size)
        .filter(range -> last.equals(Optional.of(range.last())))
        .orElseThrow(() -> unmet(header, size));
  }

  private static Optional<ByteRange> of(Optional<Long> first, Optional<Long> last, long size) {
    if (first.isEmpty()) {
      return last.filter(count -> count > 0 && size > 0)
          .map(count -> Math.min(count, size))
          .map(count -> new ByteRange(size - count, count));
    }
    long start = first.get();
    long end = Math.min(last.orElse(Long.MAX_VALUE), size - 1);
    boolean reversed = last.isPresent() && last.get() < start;
    return start >= size || reversed
        ? Optional.empty()
        : Optional.of(new ByteRange(start, end - start + 1));
  }

  /** Clamps numbers larger than any size. */
  private static Optional<Long> number(String digits) {
    if (digits.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits));
  }

  private static ProblemException unmet(String header, long size) {
    return outOfRange(
        "The range '%s' cannot be satisfied: the image has %d bytes.".formatted(header, size),
        size);
  }
}
