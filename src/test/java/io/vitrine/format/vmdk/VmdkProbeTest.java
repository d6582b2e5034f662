package io.vitrine.format.vmdk;

import static io.vitrine.format.TestingInspection.cutOff;
import static io.vitrine.format.TestingInspection.inspect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.probe.Violation;
import io.vitrine.format.vmdk.TestingVmdk.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class VmdkProbeTest {
  private static final Integer[] STORED = {1, 2, 20, 9, 8};

  @ParameterizedTest
  @EnumSource
  void acceptsSoundImages(Layout layout) {
    for (int capacity : new int[] {1, 2, 8, 41, 160}) {
      int last = Math.ceilDiv(capacity, 2) - 1;
      for (var image :
          new TestingVmdk[] {
            new TestingVmdk(layout, capacity), new TestingVmdk(layout, capacity, last)
          }) {
        var inspection = inspect(image.toBytes(), 1000);

        assertThat(inspection.violations()).isEmpty();
        assertThat(inspection.virtualSizeBytes()).hasValue(image.disk().length);
      }
    }
  }

  /** An upload is refused if and only if some byte of the disk cannot be read. */
  @ParameterizedTest
  @EnumSource
  void refusesEveryCut(Layout layout) {
    var bytes = new TestingVmdk(layout, 41, STORED).toBytes();
    for (int length = 512; length < bytes.length; length += 11) {
      var cut = Arrays.copyOf(bytes, length);

      var violations = inspect(cut, 700).violations();

      assertThat(violations.isEmpty()).as("at %d", length).isEqualTo(isReadable(cut));
      assertThat(inspect(cut, 101).violations()).isEqualTo(violations);
    }
  }

  @Test
  void tellsHowMuchIsMissing() {
    var image = new TestingVmdk(Layout.MONOLITHIC, 41, 1, 20);
    var bytes = image.toBytes();
    int needed = image.grainAt(20) + 512;

    var inspection = inspect(Arrays.copyOf(bytes, needed - 1), 999);

    assertThat(inspection.violations()).containsExactly(cutOff(needed, needed - 1));
    assertThat(inspect(Arrays.copyOf(bytes, needed), 999).violations()).isEmpty();
  }

  @Test
  void findsTheLastGrainWhereverTheTablesAre() {
    var image = new TestingVmdk(Layout.MONOLITHIC, 41, 9, 1, 20);
    int moved = 100 * 512;
    image.int32(image.directoryAt(), moved / 512);
    var bytes = Arrays.copyOf(image.toBytes(), moved + 512);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(moved + 4, 200);

    assertThat(inspect(bytes, 999).violations())
        .extracting(Violation::reason)
        .containsExactly("is cut off: needs 103424 bytes, has 51712");
  }

  /** What cannot be seen in one pass is left to the reader. */
  @Test
  void skipsTablesThatPassedAlready() {
    var image = new TestingVmdk(Layout.MONOLITHIC, 41, 9, 1, 20);

    image.int32(image.directoryAt(), image.tableAt(2) / 512).entry(9, 5000);
    image.int32(image.directoryAt() + 8, 1);

    assertThat(inspect(image.toBytes(), 999).violations()).hasSize(1);
    image.int32(image.directoryAt(), 1);
    assertThat(inspect(image.toBytes(), 999).violations()).isEmpty();
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        arguments("version", sparse().int32(4, 4), "version"),
        arguments("capacity", sparse().int64(12, 0), "structure"),
        arguments("grain size", sparse().int64(20, 3), "structure"),
        arguments("line ends", sparse().text(73, "\n \n\n"), "structure"),
        arguments("directory", sparse().int64(56, 1 << 20), "structure"),
        arguments(
            "footer's directory", footer().int64(footer().footerAt() + 56, 9999), "structure"),
        arguments("footer's overhead", footer().int64(footer().footerAt() + 64, -1), "footer"),
        arguments("grain", sparse().entry(9, 2000), "structure"),
        arguments("table", sparse().int32(sparse().directoryAt(), -1), "structure"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void refuses(String name, TestingVmdk image, String check) {
    assertThat(inspect(image.toBytes(), 999).violations())
        .extracting(Violation::check)
        .containsExactly(check);
  }

  private static TestingVmdk sparse() {
    return new TestingVmdk(Layout.MONOLITHIC, 41, STORED);
  }

  private static TestingVmdk footer() {
    return new TestingVmdk(Layout.FOOTER, 41, STORED);
  }

  private static boolean isReadable(byte[] file) {
    try (var disk = VmdkDisk.open(ArrivingSource.complete(file))) {
      disk.read(0, ByteBuffer.allocate((int) disk.sizeBytes()));
      return true;
    } catch (InvalidImageException refused) {
      return false;
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }
}
