package io.vitrine.format.mapped;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.format.block.InvalidImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimedSpaceTest {
  private static final int UNIT = 512;

  private final ClaimedSpace space = new ClaimedSpace(UNIT);

  @ParameterizedTest
  @CsvSource({"0,1", "511,1", "512,4096", "1000,10000", "2097000,500", "2097152,3000000"})
  void refusesWhatIsClaimed(long position, long length) throws InvalidImageException {
    space.claim("a table", position, length);

    assertOverlaps(position, 1);
    assertOverlaps(position + length - 1, 1);
    assertOverlaps(position / UNIT * UNIT, UNIT);
    assertOverlaps(0, position + length + UNIT);
  }

  @Test
  void takesNeighbours() throws InvalidImageException {
    space.claim("a table", 4096 * UNIT, 4096 * UNIT);

    assertThatCode(
            () -> {
              space.claim("data", 0, 4096 * UNIT);
              space.claim("data", 8192 * UNIT, 5000 * UNIT);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void sharesUnitsOfSeveralUses() throws InvalidImageException {
    space.share("compressed data", 100, 300);
    space.share("compressed data", 400, 300);

    assertOverlaps(512, 512);
    space.claim("data", 1024, 512);
    assertThatThrownBy(() -> space.share("compressed data", 1000, 100))
        .hasMessage("is corrupt: compressed data at position 1000 overlaps something else");
  }

  @Test
  void copyIsApart() throws InvalidImageException {
    space.claim("a table", 0, 1);
    space.share("compressed data", UNIT, 1);
    var copy = space.copy();

    copy.claim("data", 2 * UNIT, 1);

    space.claim("data", 2 * UNIT, 1);
    assertThatThrownBy(() -> copy.claim("data", 0, 1)).isInstanceOf(InvalidImageException.class);
    assertThatThrownBy(() -> copy.claim("data", UNIT, 1)).isInstanceOf(InvalidImageException.class);
  }

  @Test
  void nothingTakesNoSpace() throws InvalidImageException {
    space.claim("a table", 0, 0);
    space.share("compressed data", 0, 0);
    space.claim("data", 0, 1);
  }

  @ParameterizedTest
  @CsvSource({"-1,1", "-9223372036854775808,1", "9223372036854775807,1", "1099511627776,1"})
  void refusesImpossiblePositions(long position, long length) {
    assertThatThrownBy(() -> space.claim("data", position, length))
        .isInstanceOf(InvalidImageException.class)
        .hasMessage("is corrupt: data lies at the impossible position %d", position);
    assertThatThrownBy(() -> space.share("data", position, length))
        .isInstanceOf(InvalidImageException.class);
  }

  @Test
  void madeUpPositionsCostLittle() throws InvalidImageException {
    // Dense, each of these would take 256 MiB.
    for (int disk = 0; disk < 20; disk++) {
      new ClaimedSpace(UNIT).claim("data", (Integer.MAX_VALUE - 3L) * UNIT, UNIT);
    }
  }

  private void assertOverlaps(long position, long length) {
    assertThatThrownBy(() -> space.claim("data", position, length))
        .isInstanceOf(InvalidImageException.class)
        .hasMessage("is corrupt: data at position %d overlaps something else", position);
  }
}
