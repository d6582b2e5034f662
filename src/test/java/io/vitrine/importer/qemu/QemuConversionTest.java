package io.vitrine.importer.qemu;

import static io.vitrine.importer.TestingImages.LIMITS;
import static io.vitrine.importer.engine.TestingConversions.problem;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.importer.engine.Conversion;
import io.vitrine.importer.engine.DiskImage;
import io.vitrine.importer.engine.TestingConversions;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How qemu-img is run, on scripts in its place. */
@Timeout(60)
class QemuConversionTest {
  private static final String CONVERT = "echo '    (50.00/100%)'; echo converted > $target";

  @TempDir private Path directory = Path.of("");
  private DiskImage target = new DiskImage(Path.of(""), "raw");

  @BeforeEach
  void nameTarget() {
    target = new DiskImage(directory.resolve("target"), "raw");
  }

  private DiskImage source(String format) throws IOException {
    return new DiskImage(Files.write(directory.resolve("source"), new byte[512]), format);
  }

  private Conversion conversion(String check, String format) throws IOException {
    return FakeQemuImg.in(directory, check, CONVERT).converter().convert(source(format), target);
  }

  @Test
  void convertsAndTellsHowFarItIs() throws Exception {
    var conversion = conversion("", "raw");

    conversion.done().await(10, SECONDS);

    assertThat(target.file()).hasContent("converted\n");
    assertThat(conversion.percent()).isEqualTo(50);
  }

  @Test
  void checksWhatCanBeChecked() throws Exception {
    var program = FakeQemuImg.in(directory, "", CONVERT);

    program.converter().convert(source("vhdx"), target).done().await(10, SECONDS);
    program.converter().convert(source("vhd"), target).done().await(10, SECONDS);

    assertThat(program.calls())
        .extracting(call -> call.substring(0, call.indexOf(' ')))
        .containsExactly("check", "convert", "convert");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exit 3",
        "exit 63",
        "echo 'qemu-img: Check failed: Cannot allocate memory'; exit 1"
      })
  void convertsInSpiteOfLeaksAndOfChecksThatBreakOff(String check) throws Exception {
    conversion(check, "vhdx").done().await(10, SECONDS);

    assertThat(target.file()).hasContent("converted\n");
  }

  @ParameterizedTest
  @CsvSource({
    "echo 'ERROR: refcount'; exit 2,                                           it is corrupt",
    "echo 'ERROR: region exceeding the end of the file by a cluster'; exit 2,  has been cut off",
    "echo 'ERROR: cluster offset for sector 8 points after EOF'; exit 1,       it has been cut off",
    "echo 'The image has been truncated.'; exit 1,                             it has been cut off",
    "echo 'but it contains a log that needs to be replayed.'; exit 1,          not closed cleanly"
  })
  void refusesWhatTheCheckFindsDamaged(String check, String reason) throws Exception {
    var problem = problem(conversion(check, "vhdx"));

    assertThat(problem).isInstanceOf(Problem.UnsupportedContent.class);
    assertThat(problem.detail()).contains("vhdx image", reason);
    assertThat(target.file()).doesNotExist();
  }

  @Test
  void removesWhatAFailedConversionLeft() throws Exception {
    var program = FakeQemuImg.in(directory, "", "echo part > $target; exit 1");

    assertThat(problem(program.converter().convert(source("vhd"), target)))
        .isEqualTo(new Problem.UnsupportedContent("The data is not a valid vhd image."));
    assertThat(target.file()).doesNotExist();
  }

  /** By default, qemu goes by cylinders, heads and sectors. */
  @Test
  void readsAsMuchOfAVhdAsItsFooterSays() throws Exception {
    var program = FakeQemuImg.in(directory, "", CONVERT);

    program.converter().convert(source("vhd"), target).done().await(10, SECONDS);

    assertThat(program.calls().getFirst())
        .contains("{\"driver\":\"vpc\",\"force_size_calc\":\"current_size\",");
  }

  @Test
  void refusesAVdiThatIsCutOff() throws Exception {
    var vdi = new byte[4096];
    vdi[0x158 + 1] = 2; // the data is at byte 512
    vdi[0x178 + 1] = 4; // in blocks of 1024 bytes
    vdi[0x184] = 4;
    var source = new DiskImage(Files.write(directory.resolve("source"), vdi), "vdi");

    var failure =
        catchThrowable(
            () -> FakeQemuImg.in(directory, "", CONVERT).converter().convert(source, target));

    assertThat(failure)
        .isInstanceOf(ProblemException.class)
        .hasMessage("The data is not a valid vdi image: it has been cut off.");
    vdi[0x184] = 3;
    Files.write(source.file(), vdi);
    FakeQemuImg.in(directory, "", CONVERT).converter().convert(source, target);
  }

  @Test
  void stopsWhenTimeIsUp() throws Exception {
    var program = FakeQemuImg.frozen(directory);

    var conversion =
        program.converter(TestingConversions.withTimeLimit(LIMITS)).convert(source("raw"), target);

    assertThat(problem(conversion))
        .isEqualTo(new Problem.TooLarge("Converting the image took longer than allowed."));
    assertThat(program.pid()).matches(FakeQemuImg::isGone);
    assertThat(target.file()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw", "vhdx"})
  void stopsWhenCancelled(String format) throws Exception {
    var freeze = "kill -STOP $$";
    var program = FakeQemuImg.in(directory, freeze, freeze);
    var conversion = program.converter().convert(source(format), target);
    long pid = program.pid();

    conversion.cancel();

    assertThat(problem(conversion)).isInstanceOf(Problem.Gone.class);
    assertThat(pid).matches(FakeQemuImg::isGone);
    assertThat(target.file()).doesNotExist();
    assertThat(program.calls()).hasSize(1);
  }

  @Test
  void diesWithTheJavaProcess() throws Exception {
    var program = FakeQemuImg.frozen(directory);
    var java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TestingConverter.class.getName(),
                program.program().toString(),
                source("raw").file().toString(),
                target.file().toString())
            .inheritIO()
            .start();
    long converter = program.pid();
    assertThat(converter).matches(pid -> !FakeQemuImg.isGone(pid));

    java.destroyForcibly().waitFor();

    TestingConditions.await("the converter's end", () -> FakeQemuImg.isGone(converter));
  }

  @Test
  void saysThatItIsNotInstalled() {
    var absent = new QemuImg("no such program", Sandbox.ofThisMachine(), LIMITS);

    assertThat(catchThrowable(absent::requireAvailable))
        .hasMessage("This service cannot convert images: qemu-img is not installed.");
    assertThat(absent.version()).isEmpty();
  }
}
