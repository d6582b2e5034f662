package io.vitrine.image.location;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=0-9, 0, 10",
    "bytes=3-5, 3, 3",
    "bytes=3-, 3, 7",
    "bytes=9-, 9, 1",
    "bytes=9-9, 9, 1",
    "bytes=3-99, 3, 7",
    "bytes=3-18446744073709551615, 3, 7",
    "bytes=-1, 9, 1",
    "bytes=-10, 0, 10",
    "bytes=-11, 0, 10",
    "bytes=-99999999999999999999, 0, 10",
    "BYTES = 3 - 5, 3, 3",
    "' bytes=3-5 ', 3, 3"
  })
  void readsARangeOfTenBytes(String header, long offset, long length) {
    var range = ByteRange.ofHeader(header, 10);

    assertThat(range).isEqualTo(new ByteRange(offset, length));
    assertThat(range.last()).isEqualTo(offset + length - 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=10-",
        "bytes=10-12",
        "bytes=99999999999999999999-",
        "bytes=5-4",
        "bytes=-0",
        "bytes=-",
        "bytes=",
        "bytes",
        "bytes=a-b",
        "bytes=1",
        "bytes=--1",
        "bytes=0x1-2",
        "bytes=٣-٥",
        "lines=1-2",
        "1-2",
        ""
      })
  void cannotMeetOthers(String header) {
    assertOutOfRange(
        catchThrowableOfType(ProblemException.class, () -> ByteRange.ofHeader(header, 10)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-", "bytes=0-0", "bytes=-1"})
  void hasNoRangeInNothing(String header) {
    var failure = catchThrowableOfType(ProblemException.class, () -> ByteRange.ofHeader(header, 0));

    assertThat(failure.problem())
        .isInstanceOfSatisfying(
            Problem.OutOfRange.class, problem -> assertThat(problem.sizeBytes()).isZero());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-1,3-4", "bytes=0-1, -1", "bytes=,"})
  void refusesSeveralRanges(String header) {
    var failure =
        catchThrowableOfType(ProblemException.class, () -> ByteRange.ofHeader(header, 10));

    assertThat(failure.problem()).isInstanceOf(Problem.Invalid.class);
  }

  @ParameterizedTest
  @CsvSource({"bytes 0-0/*, 0, 1", "bytes 3-5/10, 3, 3", "Bytes 3-5/*, 3, 3"})
  void readsTheLegacyHeader(String header, long offset, long length) {
    assertThat(ByteRange.ofLegacyHeader(header, 10)).isEqualTo(new ByteRange(offset, length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes 10-11/*",
        "bytes 3-10/*",
        "bytes 3-10/99",
        "bytes 5-4/*",
        "bytes 3-/*",
        "bytes */10",
        "bytes=3-5",
        ""
      })
  void cannotMeetOthersInTheLegacyHeader(String header) {
    assertOutOfRange(
        catchThrowableOfType(ProblemException.class, () -> ByteRange.ofLegacyHeader(header, 10)));
  }

  @Test
  void isNeverNegative() {
    assertThatThrownBy(() -> new ByteRange(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ByteRange(0, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertOutOfRange(ProblemException failure) {
    assertThat(failure.problem())
        .isInstanceOfSatisfying(
            Problem.OutOfRange.class, problem -> assertThat(problem.sizeBytes()).isEqualTo(10));
  }
}
