package io.vitrine.format;

import static io.vitrine.format.TestingImage.DISK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.format.probe.ContentFormat;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FormatInspectorTest {

  static Stream<Arguments> soundImages() {
    return Stream.of(
        arguments(ContentFormat.RAW, TestingImage.zeros(5000), 5000),
        arguments(ContentFormat.RAW, TestingImage.zeros(0), 0),
        arguments(ContentFormat.QCOW2, TestingImage.qcow2(), DISK_BYTES),
        arguments(ContentFormat.VHD, TestingImage.vhd(), DISK_BYTES),
        arguments(ContentFormat.VHD, TestingImage.fixedVhd(TestingImage.zeros(4096)), 4096),
        arguments(ContentFormat.VHDX, TestingImage.vhdx(), DISK_BYTES),
        arguments(ContentFormat.VMDK, TestingImage.vmdk(), DISK_BYTES),
        arguments(ContentFormat.VMDK, TestingImage.streamOptimized(), DISK_BYTES),
        arguments(ContentFormat.VDI, TestingImage.vdi(), DISK_BYTES),
        arguments(ContentFormat.ISO, TestingImage.iso(), 65536),
        arguments(ContentFormat.GPT, TestingImage.gpt(), 65536),
        arguments(ContentFormat.GPT, TestingImage.mbr(), 65536),
        arguments(ContentFormat.LUKS, TestingImage.luks(), 65536 - 8 * 512),
        arguments(ContentFormat.LUKS, TestingImage.luks2(), 65536 - 32768));
  }

  @ParameterizedTest
  @MethodSource("soundImages")
  void recognisesSoundImages(ContentFormat format, TestingImage image, long virtualSizeBytes) {
    var inspection = image.inspect();

    assertThat(inspection.formats()).containsExactly(format);
    assertThat(inspection.virtualSizeBytes()).hasValue(virtualSizeBytes);
    assertThat(inspection.violations()).isEmpty();
    assertThat(inspection.sizeBytes()).isEqualTo(image.toBytes().length);
  }

  @Test
  void leavesTheBufferAsItIs() {
    var buffer = ByteBuffer.allocateDirect(4096).put(7, (byte) 1).position(7).limit(2000);
    var inspector = new FormatInspector();

    inspector.update(buffer);

    assertThat(buffer.position()).isEqualTo(7);
    assertThat(buffer.limit()).isEqualTo(2000);
    assertThat(inspector.finish().sizeBytes()).isEqualTo(1993);
  }

  @Test
  void readsDirectAndReadOnlyBuffersFromTheirPosition() {
    var image = TestingImage.qcow2().toBytes();
    var buffer = ByteBuffer.allocateDirect(image.length + 3).put(3, image).position(3);
    var inspector = new FormatInspector();

    inspector.update(buffer.asReadOnlyBuffer());

    assertThat(inspector.finish().formats()).containsExactly(ContentFormat.QCOW2);
  }

  @Test
  void takesFatBootSectorsForRaw() {
    var image = TestingImage.mbr().int8(0x10, 2).int8(0x15, 0xf8);

    assertThat(image.inspect().formats()).containsExactly(ContentFormat.RAW);
  }

  @Test
  void takesAFooterWithWrongChecksumOrSizeForRaw() {
    var wrongChecksum = TestingImage.fixedVhd(TestingImage.zeros(4096)).int32(4096 + 64, 7);
    var wrongSize = TestingImage.fixedVhd(TestingImage.zeros(4096)).int64(4096 + 48, 4095);

    assertThat(wrongChecksum.inspect().formats()).containsExactly(ContentFormat.RAW);
    assertThat(wrongSize.inspect().formats()).containsExactly(ContentFormat.RAW);
  }

  @Test
  void findsSeveralFormatsInOneImage() {
    var image = TestingImage.qcow2().text((32 << 10) + 1, "CD001");

    assertThat(image.inspect().formats()).containsExactly(ContentFormat.QCOW2, ContentFormat.ISO);
    assertThat(image.inspect().virtualSizeBytes()).isEmpty();
  }
}
