package io.vitrine.format.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class InflatedRangeTest {
  private static final Stored FIRST = new Stored(0, 4, ModelDisk.compressed(7));
  private static final Stored SECOND = new Stored(4, 4, ModelDisk.compressed(9));

  private final InflatedRange inflated = new InflatedRange();
  private int inflations;

  @Test
  void inflatesOnce() throws IOException {
    assertThat(inflated.get(FIRST, this::inflate).getInt(0)).isEqualTo(1);
    assertThat(inflated.get(FIRST, this::inflate).getInt(0)).isEqualTo(1);

    assertThat(inflated.get(SECOND, this::inflate).getInt(0)).isEqualTo(2);
    assertThat(inflated.get(FIRST, this::inflate).getInt(0)).isEqualTo(3);
  }

  @Test
  void keepsNothingOfWhatFails() throws IOException {
    inflated.get(FIRST, this::inflate);

    var failure = new InvalidImageException("is corrupt");
    assertThatThrownBy(
            () ->
                inflated.get(
                    SECOND,
                    target -> {
                      throw failure;
                    }))
        .isSameAs(failure);

    assertThat(inflated.get(SECOND, this::inflate).getInt(0)).isEqualTo(2);
  }

  private void inflate(ByteBuffer target) {
    target.putInt(++inflations);
  }
}
