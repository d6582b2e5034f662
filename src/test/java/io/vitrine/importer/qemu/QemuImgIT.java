package io.vitrine.importer.qemu;

import static io.vitrine.importer.TestingImages.LIMITS;
import static io.vitrine.importer.TestingImages.MIB;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.config.ByteSize;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.importer.TestingImages;
import io.vitrine.importer.engine.ConversionLimits;
import io.vitrine.importer.engine.DiskImage;
import io.vitrine.importer.engine.TestingConversions;
import io.vitrine.testing.TestingQemuImg;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("qemu")
@Timeout(60)
class QemuImgIT {
  private static final Sandbox SANDBOX = Sandbox.ofThisMachine();

  @TempDir private Path directory = Path.of("");
  private Path target = Path.of("");

  @BeforeAll
  static void requireProgram() {
    qemuImg(LIMITS).requireAvailable();
  }

  @BeforeEach
  void nameTarget() {
    target = directory.resolve("target");
  }

  @Test
  void tellsItsVersion() {
    assertThat(qemuImg(LIMITS).version())
        .hasValueSatisfying(v -> assertThat(v).contains("qemu-img"));
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
    TestingQemuImg.convert(raw, options, source);

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
        qemuImg(LIMITS).convert(new DiskImage(target, format), new DiskImage(back, "raw"));
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
    var source = TestingQemuImg.convert(TestingImages.raw(directory, 4), options).toString();
    var alone = directory.resolve("alone").toString();

    for (var to : List.of("raw", "qcow2", "vmdk")) {
      convert(qemuImg(LIMITS), Path.of(source), format, to);

      TestingQemuImg.run("convert", "-f", driver, "-O", to, source, alone);
      TestingQemuImg.run("compare", "-s", "-f", to, "-F", to, target.toString(), alone);
    }
  }

  @Test
  void tellsHowFarItIs() throws Exception {
    var raw = TestingImages.raw(directory, 8);

    var conversion =
        qemuImg(LIMITS).convert(new DiskImage(raw, "raw"), new DiskImage(target, "qcow2"));
    conversion.done().await(30, SECONDS);

    assertThat(conversion.percent()).isEqualTo(100);
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
    TestingQemuImg.run("create", "-f", "qcow2", "-o", "cluster_size=2M", source, "1P");

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
    TestingQemuImg.run(
        "create",
        "--object",
        "secret,id=key,data=secret",
        "-f",
        "qcow2",
        "-o",
        "encrypt.format=aes,encrypt.key-secret=key",
        source,
        "1M");

    assertThat(problem(qemuImg(LIMITS), Path.of(source), "qcow2", "raw"))
        .isEqualTo(new Problem.UnsupportedContent("Encrypted images cannot be converted."));
  }

  @ParameterizedTest
  @CsvSource({
    "qcow2, 0.7, qcow2",
    "qcow2, 0.7, qcow2 -o compression_type=zstd",
    "qcow2, 0.7, qcow2 -o extended_l2=on",
    "vmdk,  0.5, vmdk -o subformat=monolithicSparse",
    "vmdk,  0.5, vmdk -o subformat=streamOptimized",
    "vdi,   0.5, vdi -o static=off",
    "vdi,   0.3, vdi -o static=on",
    "vhd,   0.6, vpc -o force_size=on",
    "vhdx,  0.6, vhdx"
  })
  void refusesWhatIsCutOff(String format, double kept, String options) throws Exception {
    var source = TestingQemuImg.convert(TestingImages.raw(directory, 24), options);
    try (var file = new RandomAccessFile(source.toFile(), "rw")) {
      file.setLength((long) (file.length() * kept) / 512 * 512);
    }

    var problem = problem(qemuImg(LIMITS), source, format, "raw");

    assertThat(problem).isInstanceOf(Problem.UnsupportedContent.class);
    assertThat(problem.detail())
        .startsWith("The data is not a valid %s image: it ".formatted(format))
        .endsWith("has been cut off.");
    assertThat(target).doesNotExist();
  }

  @Test
  void refusesWhatIsCorrupt() throws Exception {
    var source = TestingQemuImg.convert(TestingImages.raw(directory, 4), "qcow2");
    try (var file = new RandomAccessFile(source.toFile(), "rw")) {
      file.seek(40);
      file.seek(file.readLong());
      long entry = file.readLong();
      file.seek(file.getFilePointer() - Long.BYTES);
      file.writeLong(entry + 512); // an L2 table that is not at the start of a cluster
    }

    assertThat(problem(qemuImg(LIMITS), source, "qcow2", "raw"))
        .isInstanceOf(Problem.UnsupportedContent.class)
        .extracting(Problem::detail)
        .asString()
        .startsWith("The data is not a valid qcow2 image: it is corrupt");
  }

  /** By default, qemu goes by cylinders, heads and sectors for makers that it does not know. */
  @ParameterizedTest
  @CsvSource({"dynamic, 'win '", "dynamic, vbox", "fixed, vbox", "fixed, 'vpc '"})
  void readsTheWholeDiskOfAVhd(String kind, String maker) throws Exception {
    var raw = TestingImages.raw(directory, 24);
    var source = TestingQemuImg.convert(raw, "vpc -o force_size=on,subformat=" + kind);
    var image = ByteBuffer.wrap(Files.readAllBytes(source));
    setMaker(image.slice(image.capacity() - 512, 512), maker);
    if (kind.equals("dynamic")) {
      setMaker(image.slice(0, 512), maker);
    }
    Files.write(source, image.array());

    convert(qemuImg(LIMITS), source, "vhd", "raw");

    assertThat(target).hasSameBinaryContentAs(raw);
  }

  /** With a geometry of fewer sectors than the disk has. */
  private static void setMaker(ByteBuffer footer, String maker) {
    footer.put(28, maker.getBytes(US_ASCII)).putShort(56, (short) 722).put(58, (byte) 4);
    footer.put(59, (byte) 17).putInt(64, 0);
    int sum = 0;
    for (int at = 0; at < footer.capacity(); at++) {
      sum += Byte.toUnsignedInt(footer.get(at));
    }
    footer.putInt(64, ~sum);
  }

  @Test
  void namesTheLogOfAVhdxThatWasNotClosed() throws Exception {
    var source = TestingQemuImg.convert(TestingImages.raw(directory, 4), "vhdx");
    var image = ByteBuffer.wrap(Files.readAllBytes(source)).order(ByteOrder.LITTLE_ENDIAN);
    for (int at : List.of(64 << 10, 128 << 10)) {
      image.putLong(at + 48, 0x0807060504030201L).putLong(at + 56, 0x100f0e0d0c0b0a09L);
      setChecksum(image.slice(at, 4096).order(ByteOrder.LITTLE_ENDIAN));
    }
    int log = (int) image.getLong((64 << 10) + 72);
    var entry = image.slice(log, 4096).order(ByteOrder.LITTLE_ENDIAN);
    entry.put(0, new byte[4096]).put(0, "loge".getBytes(US_ASCII)).putInt(8, 4096);
    entry.putLong(16, 1).putLong(32, 0x0807060504030201L).putLong(40, 0x100f0e0d0c0b0a09L);
    entry.putLong(48, image.capacity()).putLong(56, image.capacity());
    setChecksum(entry);
    Files.write(source, image.array());

    assertThat(problem(qemuImg(LIMITS), source, "vhdx", "raw").detail())
        .startsWith("The vhdx image has a log that must be replayed");
  }

  private static void setChecksum(ByteBuffer structure) {
    var checksum = new CRC32C();
    structure.putInt(4, 0);
    checksum.update(structure.duplicate());
    structure.putInt(4, (int) checksum.getValue());
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
    TestingQemuImg.run(
        Stream.of(command.split(" ", -1))
            .map(word -> word.replace("SECRET", secret.toString()))
            .map(word -> word.replace("SOURCE", source.toString()))
            .toArray());

    var problem = problem(qemuImg(LIMITS), source, format, "raw");

    assertThat(problem).isInstanceOf(Problem.UnsupportedContent.class);
    assertThat(target).doesNotExist();
  }

  @Test
  void refusesAVmdkWithAParent() throws Exception {
    var parent = directory.resolve("parent");
    TestingQemuImg.run("create", "-f", "vmdk", parent, "1M");
    var source = directory.resolve("child");
    TestingQemuImg.run("create", "-f", "vmdk", "-F", "vmdk", "-b", parent, source);

    assertThat(problem(qemuImg(LIMITS), source, "vmdk", "raw"))
        .isEqualTo(new Problem.UnsupportedContent("Images with a backing file cannot be used."));
  }

  private static QemuImg qemuImg(ConversionLimits limits) {
    return new QemuImg("qemu-img", SANDBOX, limits);
  }

  private void convert(QemuImg qemuImg, Path source, String from, String to) throws Exception {
    qemuImg
        .convert(new DiskImage(source, from), new DiskImage(target, to))
        .done()
        .await(30, SECONDS);
  }

  private Problem problem(QemuImg qemuImg, Path source, String from, String to) {
    try {
      return TestingConversions.problem(
          qemuImg.convert(new DiskImage(source, from), new DiskImage(target, to)));
    } catch (ProblemException refused) {
      return refused.problem();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
