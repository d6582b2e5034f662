package io.vitrine.importer.engine;

import static io.vitrine.importer.TestingImages.LIMITS;
import static io.vitrine.importer.engine.TestingConversions.problem;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.problem.Problem;
import io.vitrine.importer.TestingDiskImages;
import io.vitrine.importer.TestingImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversions of files in this process. */
@Timeout(60)
class BuiltinConversionTest {
  private final Converter converter = new BuiltinConverter(LIMITS);

  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @CsvSource({"raw, raw", "raw, qcow2", "raw, vmdk", "qcow2, raw", "qcow2, vmdk", "vmdk, raw"})
  void convertsToTheSameDisk(String from, String to) throws Exception {
    var disk = Files.readAllBytes(TestingImages.raw(directory, 8));
    var target = new DiskImage(directory.resolve("target"), to);

    var conversion = converter.convert(source(from, TestingDiskImages.of(from, disk)), target);
    conversion.done().await(30, SECONDS);

    assertThat(Arrays.equals(TestingDiskImages.disk(to, target.file()), disk)).isTrue();
    assertThat(conversion.percent()).isEqualTo(100);
  }

  @Test
  void refusesAnImageThatIsCutOff() throws Exception {
    var disk = Files.readAllBytes(TestingImages.raw(directory, 8));
    var whole = TestingDiskImages.of("qcow2", disk);
    var target = new DiskImage(directory.resolve("target"), "raw");

    var conversion =
        converter.convert(source("qcow2", Arrays.copyOf(whole, whole.length / 2)), target);

    assertThat(problem(conversion))
        .isInstanceOf(Problem.UnsupportedContent.class)
        .extracting(Problem::detail)
        .asString()
        .startsWith("The data is not a valid qcow2 image: it ");
    assertThat(target.file()).doesNotExist();
  }

  private DiskImage source(String format, byte[] image) throws Exception {
    return new DiskImage(Files.write(directory.resolve("source"), image), format);
  }
}
