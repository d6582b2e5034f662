package io.vitrine.cli.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.format.Inspection;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Violation;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFileTest {
  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "RAW, raw",
    "ISO, raw",
    "GPT, raw",
    "QCOW2, qcow2",
    "VHD, vhd",
    "VHDX, vhdx",
    "VMDK, vmdk",
    "VDI, vdi"
  })
  void isReadByItsFormat(ContentFormat content, String format) throws Exception {
    var file = file(found(content));

    assertThat(file.requireReadFormat()).isEqualTo(format);
    assertThat(file.faults()).isEmpty();
  }

  @Test
  void hasTheFormatAroundItsPartitionTable() throws Exception {
    var disc = file(found(ContentFormat.ISO), found(ContentFormat.GPT, "has a bad table"));
    var fixed =
        file(
            new DetectedFormat(
                ContentFormat.VHD, DetectedFormat.FIXED, OptionalLong.of(1), List.of()),
            found(ContentFormat.GPT, "has a bad table"));

    assertThat(disc.formatNames()).isEqualTo("iso");
    assertThat(disc.requireReadFormat()).isEqualTo("raw");
    assertThat(fixed.formatNames()).isEqualTo("vhd");
    assertThat(fixed.variant()).isEqualTo("fixed");
    assertThat(fixed.faults()).isEmpty();
  }

  @Test
  void isRawIfItOnlyLooksPartitioned() throws Exception {
    var file = file(found(ContentFormat.GPT, "has a bad table"));

    assertThat(file.formatNames()).isEqualTo("raw");
    assertThat(file.faults()).isEmpty();
    assertThat(file.requireReadFormat()).isEqualTo("raw");
    assertThat(file(found(ContentFormat.GPT)).formatNames()).isEqualTo("gpt");
  }

  @Test
  void isNotReadIfRefused() {
    assertThat(refusal(found(ContentFormat.QCOW2, "has a backing file", "is marked as corrupt")))
        .isEqualTo("is refused: it has a backing file; it is marked as corrupt");
    assertThat(refusal(found(ContentFormat.VHD, "is a differencing disk")))
        .isEqualTo("is a differencing disk");
    assertThat(refusal(found(ContentFormat.ISO, "is cut off")))
        .isEqualTo("is cut off (-f raw reads it as it is)");
  }

  @Test
  void isNotReadIfAmbiguous() {
    assertThat(refusal(found(ContentFormat.QCOW2), found(ContentFormat.ISO)))
        .isEqualTo("is ambiguous: it can be read as qcow2 or iso (choose one with -f)");
  }

  @Test
  void isNotReadIfEncrypted() {
    assertThat(file(found(ContentFormat.LUKS)).faults()).isEmpty();
    assertThat(refusal(found(ContentFormat.LUKS)))
        .isEqualTo("is encrypted: -f raw copies it as it is");
  }

  @Test
  void isInspected() throws Exception {
    var path = Files.write(directory.resolve("disk"), new byte[5000]);

    var file = ImageFile.inspect(path);

    assertThat(file.formatNames()).isEqualTo("raw");
    assertThat(file.inspection().sizeBytes()).isEqualTo(5000);
  }

  @Test
  void hasBytes() throws Exception {
    var pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    for (var place : List.of(directory, pipe, Path.of("/dev/null"))) {
      assertThatThrownBy(() -> ImageFile.inspect(place))
          .isInstanceOf(InvalidImageException.class)
          .hasMessage("is neither a file nor a block device");
    }
    assertThatThrownBy(() -> ImageFile.inspect(directory.resolve("absent")))
        .isInstanceOf(NoSuchFileException.class);
  }

  private static String refusal(DetectedFormat... findings) {
    try {
      return file(findings).requireReadFormat();
    } catch (InvalidImageException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  static ImageFile file(DetectedFormat... findings) {
    return new ImageFile(Path.of("disk.img"), new Inspection(4096, List.of(findings)));
  }

  static DetectedFormat found(ContentFormat format, String... faults) {
    var violations = Stream.of(faults).map(fault -> new Violation("check", fault)).toList();
    return new DetectedFormat(format, "", OptionalLong.of(1 << 30), violations);
  }
}
