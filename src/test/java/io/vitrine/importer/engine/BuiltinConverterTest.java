package io.vitrine.importer.engine;

import static io.vitrine.importer.TestingImages.LIMITS;
import static io.vitrine.importer.engine.TestingConversions.problem;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vitrine.config.ByteSize;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.importer.run.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How conversions in this process begin and end, with disks that fail. */
@Timeout(60)
class BuiltinConverterTest {
  @TempDir private Path directory = Path.of("");
  private DiskImage source = new DiskImage(Path.of(""), "qcow2");
  private DiskImage target = new DiskImage(Path.of(""), "raw");

  @BeforeEach
  void nameFiles() {
    source = new DiskImage(directory.resolve("source"), "qcow2");
    target = new DiskImage(directory.resolve("target"), "raw");
  }

  private Conversion conversion(FakeDisks disks) {
    return new BuiltinConverter(LIMITS, disks).convert(source, target);
  }

  private Throwable failure(FakeDisks.Creation creation) {
    var done = conversion(new FakeDisks(creation)).done();
    return catchThrowable(() -> done.await(30, SECONDS));
  }

  private static FakeDisks.Creation failing(IOException failure) {
    return () -> {
      throw failure;
    };
  }

  @Test
  void saysWhatIsWrongWithAnImage() {
    var failure = failure(failing(InvalidImageException.cutOff(900, 800)));

    assertThat(failure)
        .isInstanceOf(ProblemException.class)
        .hasMessage(
            "The data is not a valid qcow2 image: it is cut off: needs 900 bytes, has 800.");
    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.PERMANENT);
    assertThat(target.file()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "No space left on device,  TRANSIENT, no space left",
    "Disk quota exceeded,      TRANSIENT, no space left",
    "File too large,           PERMANENT, larger than allowed",
    "Input/output error,       TRANSIENT, does not work"
  })
  void tellsFaultsOfTheMachineApart(String message, Failure.Kind kind, String reason) {
    var failure = failure(failing(new IOException(message)));

    assertThat(Failure.of(failure).kind()).isEqualTo(kind);
    assertThat(Failure.of(failure).reason()).contains(reason);
    assertThat(target.file()).doesNotExist();
  }

  @Test
  void endsWithTheDefectThatEndedIt() {
    var defect = new IllegalStateException("a defect");

    var failure =
        failure(
            () -> {
              throw defect;
            });

    assertThat(failure).isSameAs(defect);
    assertThat(target.file()).doesNotExist();
  }

  @Test
  void outlivesALackOfMemory() {
    var failure =
        failure(
            () -> {
              throw new OutOfMemoryError("too little");
            });

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.CRASH);
    assertThat(target.file()).doesNotExist();
  }

  @Test
  void stopsWhenCancelled() throws Exception {
    var disks = FakeDisks.blocking();
    var conversion = conversion(disks);
    disks.awaitTarget();
    assertThat(conversion.percent()).isZero();

    conversion.cancel();

    assertThat(problem(conversion)).isInstanceOf(Problem.Gone.class);
    assertThat(target.file()).doesNotExist();
  }

  @Test
  void stopsWhenTimeIsUp() {
    var limits = TestingConversions.withTimeLimit(LIMITS);

    var conversion = new BuiltinConverter(limits, FakeDisks.blocking()).convert(source, target);

    assertThat(problem(conversion))
        .isEqualTo(new Problem.TooLarge("Converting the image took longer than allowed."));
    assertThat(target.file()).doesNotExist();
  }

  @Test
  void refusesDisksThatAreTooLarge() {
    var limits =
        new ConversionLimits(
            LIMITS.memoryLimit(), LIMITS.cpuLimit(), LIMITS.timeLimit(), new ByteSize(1000));
    var converter = new BuiltinConverter(limits, FakeDisks.blocking());
    var told = "of 1048576 bytes is larger than the 1000 allowed.";

    assertThat(catchThrowable(() -> converter.requireWithinLimits(OptionalLong.of(1 << 20))))
        .hasMessageContaining(told);
    assertThat(problem(converter.convert(source, target)).detail()).contains(told);
    assertThat(target.file()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"iso, raw", "qed, raw", "luks, raw", "raw, vdi", "raw, vhdx"})
  void refusesOtherFormats(String from, String to) {
    var failure =
        catchThrowable(
            () ->
                new BuiltinConverter(LIMITS)
                    .convert(new DiskImage(source.file(), from), new DiskImage(target.file(), to)));

    assertThat(Failure.of(failure).kind()).isEqualTo(Failure.Kind.PERMANENT);
  }
}
