package io.vitrine.format.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZerosTest {
  private static final int LENGTH = 200_000;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 4096, 65_535, 65_536, 65_537, LENGTH})
  void findsZeros(int length) {
    assertThat(Zeros.areAll(ByteBuffer.allocate(length))).isTrue();
    assertThat(Zeros.areAll(ByteBuffer.allocateDirect(length))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 65_535, 65_536, 131_072, LENGTH - 1})
  void findsSingleByteAnywhere(int at) {
    var data = ByteBuffer.allocate(LENGTH).put(at, (byte) 0x80);

    assertThat(Zeros.areAll(data)).isFalse();
  }

  @Test
  void looksBetweenPositionAndLimitOnly() {
    var data = ByteBuffer.allocate(100).put(9, (byte) 1).put(90, (byte) 1).position(10).limit(90);

    assertThat(Zeros.areAll(data)).isTrue();
    assertThat(data.position()).isEqualTo(10);
    assertThat(data.limit()).isEqualTo(90);
  }

  @Test
  void fillsRestOnly() {
    var bytes = new byte[LENGTH];
    Arrays.fill(bytes, (byte) 5);
    var data = ByteBuffer.wrap(bytes).position(3).limit(LENGTH - 2);

    Zeros.fill(data);

    assertThat(data.hasRemaining()).isFalse();
    assertThat(bytes).startsWith(5, 5, 5, 0).endsWith(0, 5, 5);
    assertThat(Zeros.areAll(ByteBuffer.wrap(bytes, 3, LENGTH - 5))).isTrue();
  }
}
