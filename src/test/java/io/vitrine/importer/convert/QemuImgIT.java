package io.vitrine.importer.convert;

import static io.vitrine.importer.TestingImages.LIMITS;
import static io.vitrine.importer.TestingImages.MIB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vitrine.config.ByteSize;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.importer.TestingConverter;
import io.vitrine.importer.TestingImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class QemuImgIT {
  private static final Sandbox SANDBOX = Sandbox.probe();

  @TempDir private Path directory = Path.of("");
  private Path target = Path.of("");

  @BeforeAll
  static void requireProgram() {
    assertThat(qemuImg(LIMITS).isAvailable()).as("install qemu-utils").isTrue();
  }

  @BeforeEach
  void nameTarget() {
    target = directory.resolve("target");
  }

  @Test
  void tellsItsVersion() {
    assertThat(qemuImg(LIMITS).version())
        .hasValueSatisfying(v -> assertThat(v).contains("qemu-img"));
    assertThat(new QemuImg("no-such-program", SANDBOX, LIMITS).version()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "raw,   raw",
    "qcow2, qcow2",
    "qcow2, qcow2 -c",
    "qcow2, qcow2 -c -o compression_type=zstd",
    "qcow2, qcow2 -o extended_l2=on",
    "vmdk,  vmdk",
    "vmdk,  vmdk -o subformat=streamOptimized",
    "vdi,   vdi",
    "vhdx,  vhdx",
    "vhd,   vpc -o force_size=on"
  })
  void convertsToTheSameBytes(String format, String options) throws Exception {
    var raw = TestingImages.raw(directory, 8);
    var source = directory.resolve("source,with=odd:\"name\\");
    var arguments = new ArrayList<>(List.of("convert", "-f", "raw", "-O"));
    arguments.addAll(List.of(options.split(" ", -1)));
    arguments.addAll(List.of(raw.toString(), source.toString()));
    TestingImages.qemuImg(arguments.toArray(String[]::new));

    convert(qemuImg(LIMITS), source, format, "raw");

    assertThat(target).hasSameBinaryContentAs(raw);
  }

  @ParameterizedTest
  @ValueSource(strings = {"qcow2", "vmdk", "vdi", "vhdx"})
  void convertsToOtherFormatsAndBack(String format) throws Exception {
    var raw = TestingImages.raw(directory, 8);
    var back = directory.resolve("back");

    convert(qemuImg(LIMITS), raw, "raw", format);
    var conversion =
        qemuImg(LIMITS)
            .convert(new DiskImage(target, format), new DiskImage(back, "raw"), percent -> {});
    conversion.done().await(30, SECONDS);

    assertThat(back).hasSameBinaryContentAs(raw);
  }

  @ParameterizedTest
  @CsvSource({
    "raw,   raw,   raw",
    "qcow2, qcow2, qcow2",
    "qcow2, qcow2, qcow2 -c",
    "vmdk,  vmdk,  vmdk -o subformat=monolithicSparse",
    "vmdk,  vmdk,  vmdk -o subformat=streamOptimized",
    "vdi,   vdi,   vdi",
    "vhd,   vpc,   vpc",
    "vhdx,  vhdx,  vhdx"
  })
  void makesTheSameDisksAsQemuImgAlone(String format, String driver, String options)
      throws Exception {
    var source = TestingImages.convert(TestingImages.raw(directory, 4), options).toString();
    var alone = directory.resolve("alone").toString();

    for (var to : List.of("raw", "qcow2", "vmdk")) {
      convert(qemuImg(LIMITS), Path.of(source), format, to);

      TestingImages.qemuImg("convert", "-f", driver, "-O", to, source, alone);
      TestingImages.qemuImg("compare", "-s", "-f", to, "-F", to, target.toString(), alone);
    }
  }

  @Test
  void reportsProgressThatOnlyGrows() throws Exception {
    var percents = new ArrayList<Double>();
    var raw = TestingImages.raw(directory, 64);

    var conversion =
        qemuImg(LIMITS)
            .convert(new DiskImage(raw, "raw"), new DiskImage(target, "qcow2"), percents::add);
    conversion.done().await(30, SECONDS);

    assertThat(percents).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(5);
    assertThat(percents).startsWith(0.0).endsWith(100.0);
  }

  @Test
  void stopsAtTheLimitOfOutput() throws Exception {
    var raw = TestingImages.raw(directory, 8);
    var limits =
        new ConversionLimits(
            new ByteSize(512L * MIB), LIMITS.cpuLimit(), LIMITS.timeLimit(), new ByteSize(MIB));

    assertThat(problem(qemuImg(limits), raw, "raw", "raw"))
        .isEqualTo(new Problem.TooLarge("The converted image is larger than allowed."));
    assertThat(problem(qemuImg(limits), raw, "raw", "qcow2")).isInstanceOf(Problem.TooLarge.class);
    assertThat(target).doesNotExist();
  }

  @Test
  void stopsASmallFileThatUnpacksToAHugeDisk() throws Exception {
    var source = directory.resolve("bomb.qcow2");
    TestingImages.qemuImg(
        "create", "-f", "qcow2", "-o", "cluster_size=2M", source.toString(), "1P");

    assertThat(problem(qemuImg(LIMITS), source, "qcow2", "raw"))
        .isInstanceOf(Problem.TooLarge.class);
    assertThat(target).doesNotExist();
  }

  @Test
  void stopsAtTheLimitOfMemory() throws Exception {
    var raw = TestingImages.raw(directory, 8);
    var limits =
        new ConversionLimits(
            new ByteSize(20L * MIB), LIMITS.cpuLimit(), LIMITS.timeLimit(), new ByteSize(8 * MIB));

    assertThat(problem(qemuImg(limits), raw, "raw", "qcow2"))
        .isEqualTo(new Problem.TooLarge("Converting the image takes more memory than allowed."));
  }

  @Test
  void saysThatAnImageIsEncrypted() throws Exception {
    var source = directory.resolve("encrypted.qcow2").toString();
    TestingImages.qemuImg(
        "create",
        "--object",
        "secret,id=key,data=secret",
        "-f",
        "qcow2",
        "-o",
        "encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10",
        source,
        "1M");

    assertThat(problem(qemuImg(LIMITS), Path.of(source), "qcow2", "raw"))
        .isEqualTo(new Problem.UnsupportedContent("Encrypted images cannot be converted."));
  }

  @Test
  void stopsWhenTimeIsUp() throws Exception {
    var raw = TestingImages.raw(directory, 64);
    var limits =
        new ConversionLimits(
            new ByteSize(512L * MIB),
            LIMITS.cpuLimit(),
            Duration.ofSeconds(1),
            new ByteSize(512L * MIB));
    var frozen = new CompletableFuture<Long>();

    var conversion =
        qemuImg(limits)
            .convert(
                new DiskImage(raw, "raw"),
                new DiskImage(target, "qcow2"),
                percent -> freezeOnce(frozen));

    assertThat(problem(conversion))
        .isEqualTo(new Problem.TooLarge("Converting the image took longer than allowed."));
    assertThat(frozen.get(1, SECONDS)).matches(TestingImages::isGone);
    assertThat(target).doesNotExist();
  }

  @Test
  void stopsWhenCancelled() throws Exception {
    var raw = TestingImages.raw(directory, 64);
    var frozen = new CompletableFuture<Long>();
    var conversion =
        qemuImg(LIMITS)
            .convert(
                new DiskImage(raw, "raw"),
                new DiskImage(target, "qcow2"),
                percent -> freezeOnce(frozen));
    long pid = frozen.get(10, SECONDS);

    conversion.cancel();

    assertThat(problem(conversion)).isInstanceOf(Problem.Gone.class);
    assertThat(pid).matches(TestingImages::isGone);
    assertThat(target).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"qcow2", "vmdk", "vdi", "vhd"})
  void refusesWhatIsNotOfItsFormat(String format) throws Exception {
    var raw = TestingImages.raw(directory, 1);

    var problem = problem(qemuImg(LIMITS), raw, format, "raw");

    assertThat(problem).isInstanceOf(Problem.UnsupportedContent.class);
    assertThat(problem.detail()).doesNotContain(directory.toString()).contains(format);
  }

  @ParameterizedTest
  @ValueSource(strings = {"qed", "nbd", "luks", "host_device", "iso"})
  void refusesOtherFormats(String format) throws Exception {
    var raw = TestingImages.raw(directory, 1);

    assertThat(problem(qemuImg(LIMITS), raw, format, "raw"))
        .isInstanceOf(Problem.UnsupportedContent.class);
    assertThat(problem(qemuImg(LIMITS), raw, "raw", format))
        .isInstanceOf(Problem.UnsupportedContent.class);
  }

  @ParameterizedTest
  @CsvSource({
    "qcow2, create -f qcow2 -F raw -b SECRET SOURCE",
    "qcow2, create -f qcow2 -o data_file=SECRET SOURCE 1M",
    "qcow2, create -f qcow2 -o compat=0.10 -F raw -b SECRET SOURCE",
    "vmdk,  create -f vmdk -o subformat=monolithicFlat SOURCE 1M",
    "vmdk,  create -f vmdk -o subformat=twoGbMaxExtentSparse SOURCE 1M"
  })
  void refusesImagesThatNameOtherFiles(String format, String command) throws Exception {
    var secret = Files.writeString(directory.resolve("secret"), "s".repeat(MIB));
    var source = directory.resolve("source");
    TestingImages.qemuImg(
        Stream.of(command.split(" ", -1))
            .map(word -> word.replace("SECRET", secret.toString()))
            .map(word -> word.replace("SOURCE", source.toString()))
            .toArray(String[]::new));

    var problem = problem(qemuImg(LIMITS), source, format, "raw");

    assertThat(problem).isInstanceOf(Problem.UnsupportedContent.class);
    assertThat(target).doesNotExist();
  }

  @Test
  void refusesAVmdkWithAParent() throws Exception {
    var parent = directory.resolve("parent");
    TestingImages.qemuImg("create", "-f", "vmdk", parent.toString(), "1M");
    var source = directory.resolve("child");
    TestingImages.qemuImg(
        "create", "-f", "vmdk", "-F", "vmdk", "-b", parent.toString(), source.toString());

    assertThat(problem(qemuImg(LIMITS), source, "vmdk", "raw"))
        .isEqualTo(new Problem.UnsupportedContent("Images with a backing file cannot be used."));
  }

  @Test
  void diesWithTheJavaProcess() throws Exception {
    var raw = TestingImages.raw(directory, 64);
    var java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TestingConverter.class.getName(),
                raw.toString(),
                target.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long converter;
    try (var output = java.inputReader(UTF_8)) {
      converter = Long.parseLong(String.valueOf(output.readLine()));
      assertThat(converter).matches(pid -> !TestingImages.isGone(pid));

      java.destroyForcibly().waitFor();
    }

    assertThat(endsWithin(Duration.ofSeconds(10), converter)).isTrue();
  }

  private static boolean endsWithin(Duration limit, long pid) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!TestingImages.isGone(pid) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
    return TestingImages.isGone(pid);
  }

  private static void freezeOnce(CompletableFuture<Long> frozen) {
    if (!frozen.isDone()) {
      frozen.complete(TestingImages.freezeConverter());
    }
  }

  private static QemuImg qemuImg(ConversionLimits limits) {
    return new QemuImg("qemu-img", SANDBOX, limits);
  }

  private void convert(QemuImg qemuImg, Path source, String from, String to) throws Exception {
    qemuImg
        .convert(new DiskImage(source, from), new DiskImage(target, to), percent -> {})
        .done()
        .await(30, SECONDS);
  }

  private Problem problem(QemuImg qemuImg, Path source, String from, String to) {
    try {
      return problem(
          qemuImg.convert(new DiskImage(source, from), new DiskImage(target, to), percent -> {}));
    } catch (ProblemException refused) {
      return refused.problem();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Problem problem(Conversion conversion) {
    var failure =
        catchThrowableOfType(ProblemException.class, () -> conversion.done().await(30, SECONDS));
    return failure.problem();
  }
}
