package io.vitrine.format.vmdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.vmdk.TestingVmdk.Layout;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SparseHeaderTest {
  @Test
  void isReadAsItIsWritten() throws InvalidImageException {
    var image = with();
    var header = header(image);

    header.check(0);

    assertThat(SparseHeader.isIn(header.toSector())).isTrue();
    assertThat(SparseHeader.parse(header.toSector())).isEqualTo(header);
    assertThat(header.toSector()).isEqualTo(ByteBuffer.wrap(image.toBytes(), 0, 512));
  }

  @Test
  void tellsSizes() {
    var header = header(with());

    assertThat(header.sizeBytes()).isEqualTo(41 * 512);
    assertThat(header.grainBytes()).isEqualTo(1024);
    assertThat(header.grains()).isEqualTo(21);
    assertThat(header.tables()).isEqualTo(6);
    assertThat(header.entriesOf(0)).isEqualTo(4);
    assertThat(header.entriesOf(5)).isEqualTo(1);
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        arguments("version", 4, with().int32(4, 0)),
        arguments("version", 4, with().int32(4, 4)),
        arguments("version", 4, with().int32(4, -1)),
        arguments("flags", 8, with().int32(8, 0x10001)),
        arguments("flags", 8, with().int32(8, 0x20001)),
        arguments("flags", 8, with().int32(8, 0x70001)),
        arguments("compressAlgorithm", 77, with().int32(8, 1)),
        arguments("compressAlgorithm", 77, with().int8(77, 0)),
        arguments("compressAlgorithm", 77, with().int8(77, 2)),
        arguments("compressAlgorithm", 77, with().int8(78, 1)),
        arguments("singleEndLineChar", 73, with().text(73, "\n \n\n")),
        arguments("capacity", 12, with().int64(12, 0)),
        arguments("capacity", 12, with().int64(12, -1)),
        arguments("capacity", 12, with().int64(12, 1L << 55)),
        arguments("capacity", 12, with().int64(12, (8L << 20) + 1)),
        arguments("grainSize", 20, with().int64(20, 0)),
        arguments("grainSize", 20, with().int64(20, 3)),
        arguments("grainSize", 20, with().int64(20, 8192)),
        arguments("grainSize", 20, with().int64(20, Long.MIN_VALUE)),
        arguments("numGTEsPerGT", 44, with().int32(44, 0)),
        arguments("numGTEsPerGT", 44, with().int32(44, 513)),
        arguments("numGTEsPerGT", 44, with().int32(44, -1)),
        arguments("gdOffset", 56, with().int64(56, 0)),
        arguments("gdOffset", 56, with().int64(56, -2)),
        arguments("gdOffset", 56, with().int64(56, 1L << 32)),
        arguments("overHead", 64, with().int64(64, -1)),
        arguments("overHead", 64, with().int64(64, 1L << 32)));
  }

  @ParameterizedTest(name = "{0} {index}")
  @MethodSource("faults")
  void refusesFieldByItsName(String field, int at, TestingVmdk image) {
    assertThatThrownBy(() -> header(image).check(1000))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining("is corrupt: %s at offset %d: ".formatted(field, 1000 + at));
  }

  @Test
  void takesLineEndsAsTheyAreWithoutTheFlag() throws InvalidImageException {
    header(with().int32(8, 0x30000).text(73, "\n \n\n")).check(0);
  }

  @Test
  void takesTheLargestOfAll() throws InvalidImageException {
    header(with().int64(12, 1L << 41).int64(20, 4096).int32(44, 512)).check(0);
  }

  private static TestingVmdk with() {
    return new TestingVmdk(Layout.FOOTER, 41, 1, 20);
  }

  private static SparseHeader header(TestingVmdk image) {
    return SparseHeader.parse(ByteBuffer.wrap(image.toBytes(), 0, 512));
  }
}
