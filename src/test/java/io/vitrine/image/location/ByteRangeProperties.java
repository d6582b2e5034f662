package io.vitrine.image.location;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.problem.ProblemException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Compares ranges with picking the bytes one by one. */
class ByteRangeProperties {
  private static final long MAX = 999_999_999_999_999_999L;

  @Property
  void spansPickTheBytesBetween(
      @ForAll @IntRange(max = 40) int first,
      @ForAll @IntRange(max = 40) int last,
      @ForAll @IntRange(max = 30) int size) {
    var wanted = IntStream.range(0, size).filter(i -> first <= i && i <= last).toArray();

    assertThat(picked("bytes=%d-%d".formatted(first, last), size)).isEqualTo(wanted);
    assertThat(pickedByLegacy("bytes %d-%d/*".formatted(first, last), size))
        .isEqualTo(last < size ? wanted : new int[0]);
  }

  @Property
  void tailsPickTheBytesFrom(
      @ForAll @IntRange(max = 40) int first, @ForAll @IntRange(max = 30) int size) {
    var wanted = IntStream.range(0, size).filter(i -> first <= i).toArray();

    assertThat(picked("bytes=%d-".formatted(first), size)).isEqualTo(wanted);
  }

  @Property
  void suffixesPickTheLastBytes(
      @ForAll @IntRange(max = 40) int count, @ForAll @IntRange(max = 30) int size) {
    var wanted = IntStream.range(0, size).filter(i -> i >= size - count).toArray();

    assertThat(picked("bytes=-%d".formatted(count), size)).isEqualTo(wanted);
  }

  @Property
  void largeRangesLieInside(
      @ForAll @LongRange(max = MAX) long first,
      @ForAll @LongRange(max = MAX) long last,
      @ForAll @LongRange(max = MAX) long size) {
    var range = read(() -> ByteRange.ofHeader("bytes=%d-%d".formatted(first, last), size));

    assertThat(range.isPresent()).isEqualTo(first < size && first <= last);
    range.ifPresent(
        it -> {
          assertThat(it.offset()).isEqualTo(first);
          assertThat(it.last()).isEqualTo(Math.min(last, size - 1));
        });
  }

  @Property
  void anyTextIsReadOrRefused(@ForAll String text, @ForAll @IntRange(max = 30) int size) {
    assertThat(read(() -> ByteRange.ofHeader("bytes=" + text, size)))
        .matches(range -> range.isEmpty() || range.get().last() < size);
  }

  private static int[] picked(String header, int size) {
    return bytes(read(() -> ByteRange.ofHeader(header, size)));
  }

  private static int[] pickedByLegacy(String header, int size) {
    return bytes(read(() -> ByteRange.ofLegacyHeader(header, size)));
  }

  private static int[] bytes(Optional<ByteRange> range) {
    return range.stream()
        .flatMapToInt(it -> IntStream.rangeClosed((int) it.offset(), (int) it.last()))
        .toArray();
  }

  private static Optional<ByteRange> read(Supplier<ByteRange> parser) {
    try {
      return Optional.of(parser.get());
    } catch (ProblemException refused) {
      return Optional.empty();
    }
  }
}
