package io.vitrine.importer.decompress;

import static io.vitrine.importer.decompress.TestingArchives.MIB;
import static io.vitrine.importer.decompress.TestingArchives.compress;
import static io.vitrine.importer.decompress.TestingArchives.zip;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vitrine.config.ByteSize;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DecompressorTest {
  private static final DecompressionConfig LIMITS =
      new DecompressionConfig(100, new ByteSize(0), new ByteSize(64 * MIB), Duration.ofMinutes(1));

  @TempDir private Path directory = Path.of("");

  private Decompressor decompressor(byte[] data, DecompressionConfig limits) throws IOException {
    var file = Files.write(directory.resolve("data"), data);
    return new Decompressor(file, limits);
  }

  private byte[] decompress(byte[] data) throws Exception {
    var result = new ByteArrayOutputStream();
    run(decompressor(data, LIMITS), result::writeBytes);
    return result.toByteArray();
  }

  private Problem problem(byte[] data) throws Exception {
    return problem(decompressor(data, LIMITS), new AtomicLong());
  }

  private static Problem problem(Decompressor decompressor, AtomicLong outputBytes) {
    return catchThrowableOfType(
            ProblemException.class,
            () -> run(decompressor, piece -> outputBytes.addAndGet(piece.length)))
        .problem();
  }

  private static void run(Decompressor decompressor, Decompressor.Output output)
      throws InterruptedException {
    decompressor.run(decompressor.recognise().orElseThrow(), output);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void restoresWhatWasCompressed(Compression compression) throws Exception {
    for (int length : new int[] {0, 1, 256 << 10, (256 << 10) + 1, 3 * MIB}) {
      var data = TestingArchives.data(length);

      var result = decompress(compress(compression, data));

      assertThat(Arrays.equals(result, data)).as("%d bytes", length).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ZIP", "LHA", "LZMA"})
  void takesStreamsThatFollowEachOtherForOne(Compression compression) throws Exception {
    var part = compress(compression, TestingArchives.data(100_000));
    var both = Arrays.copyOf(part, 2 * part.length);
    System.arraycopy(part, 0, both, part.length, part.length);

    assertThat(decompress(both)).hasSize(200_000);
  }

  @Test
  void blamesNoDataForAFileThatCannotBeRead() throws Exception {
    var decompressor = decompressor(compress(Compression.GZIP, TestingArchives.data(10)), LIMITS);
    Files.delete(directory.resolve("data"));

    assertThat(problem(decompressor, new AtomicLong())).isInstanceOf(Problem.Unavailable.class);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void refusesWhatIsCutOff(Compression compression) throws Exception {
    var whole = compress(compression, TestingArchives.data(MIB));
    int length =
        switch (compression) {
          // What comes after the data is not needed.
          case ZIP, LHA -> whole.length / 2;
          case GZIP, BZIP2, XZ, ZSTD, LZ4, LZ4_LEGACY, LZMA -> whole.length - 5;
        };

    assertThat(problem(Arrays.copyOf(whole, length)))
        .isEqualTo(
            new Problem.UnsupportedContent(
                "The data is not valid %s, or it is cut off.".formatted(compression.text())));
  }

  /** But of zstd, whose library writes no checksums, and formats that have none. */
  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ZSTD", "LZ4_LEGACY", "LZMA"})
  void refusesWhatIsDamaged(Compression compression) throws Exception {
    var data = compress(compression, TestingArchives.data(MIB));
    data[data.length / 4] ^= 0x55;

    assertThat(problem(data)).isInstanceOf(Problem.UnsupportedContent.class);
  }

  @Test
  void decompressesOnce() throws Exception {
    var inner = compress(Compression.GZIP, new byte[100]);

    assertThat(decompress(compress(Compression.GZIP, inner))).isEqualTo(inner);
  }

  @Test
  void knowsWhatIsNotCompressed() {
    assertThat(Compression.of(new byte[10])).isEmpty();
    assertThat(Compression.of(new byte[0])).isEmpty();
    assertThat(Compression.of("BZh9 is how this text begins".getBytes(UTF_8))).isEmpty();
    assertThat(Compression.of("PK".getBytes(UTF_8))).isEmpty();
  }

  @Test
  void refusesArchivesOfOtherThanOneFile() throws Exception {
    var image = new byte[100];

    assertDetail(zip("a", image, "b"), "more than one member");
    assertDetail(zip("d/", image, "a", "d/e/", "b"), "more than one member");
    assertDetail(zip("b/", image), "no plain file");
    assertDetail(zip("b/", image, "c/"), "no plain file");
    assertDetail(zip("a.zip", zip("a", image)), "contains another archive");
    assertDetail(zip("a.gz", compress(Compression.GZIP, image)), "gzip");
  }

  @Test
  void countsNoDirectories() throws Exception {
    var image = TestingArchives.data(1000);

    assertThat(decompress(zip("disk/", image, "disk/image"))).isEqualTo(image);
    assertThat(decompress(zip("image", image, "disk/"))).isEqualTo(image);
    assertThat(decompress(zip("a/", image, "a/b/", "a/b/image", "c/"))).isEqualTo(image);
  }

  @Test
  void refusesArchivesThatItCannotRead() throws Exception {
    var encrypted = zip("a", new byte[100]);
    encrypted[6] |= 1;
    var imploded = zip("a", new byte[100]);
    imploded[8] = 6;
    var lzma = zip("a", new byte[100]);
    lzma[8] = 14;

    assertDetail(encrypted, "encrypted");
    assertDetail(imploded, "not supported");
    assertDetail(lzma, "not supported");
  }

  private void assertDetail(byte[] data, String detail) throws Exception {
    assertThat(problem(data))
        .isInstanceOfSatisfying(
            Problem.UnsupportedContent.class,
            refused -> assertThat(refused.detail()).contains(detail));
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"LZ4", "LZ4_LEGACY", "LHA"})
  void stopsAtTheRatio(Compression compression) throws Exception {
    var bomb = compress(compression, new byte[32 * MIB]);
    var output = new AtomicLong();

    var problem = problem(decompressor(bomb, LIMITS), output);

    assertThat(problem).isInstanceOf(Problem.TooLarge.class);
    assertThat(output.get()).isLessThanOrEqualTo(100L * bomb.length);
  }

  @Test
  void stopsAtTheRatioOfAnArchive() throws Exception {
    var output = new AtomicLong();

    var problem = problem(decompressor(TestingLha.archive(TestingLha.spaces(100)), LIMITS), output);

    assertThat(problem).isInstanceOf(Problem.TooLarge.class);
    assertThat(output.get()).isLessThan(MIB);
  }

  @Test
  void asksForNoRatioOfWhatIsSmall() throws Exception {
    var limits =
        new DecompressionConfig(
            100, new ByteSize(32 * MIB), new ByteSize(64 * MIB), Duration.ofMinutes(1));
    var output = new AtomicLong();

    run(
        decompressor(compress(Compression.XZ, new byte[32 * MIB]), limits),
        piece -> output.addAndGet(piece.length));
    assertThat(output.get()).isEqualTo(32L * MIB);
    assertThat(
            problem(
                decompressor(compress(Compression.XZ, new byte[32 * MIB + 1]), limits),
                new AtomicLong()))
        .isInstanceOf(Problem.TooLarge.class);
  }

  @Test
  void neverMakesMoreThanTheSize() throws Exception {
    var limits =
        new DecompressionConfig(
            100, new ByteSize(64 * MIB), new ByteSize(MIB), Duration.ofMinutes(1));
    var output = new AtomicLong();

    assertThat(problem(decompressor(compress(Compression.XZ, new byte[2 * MIB]), limits), output))
        .isInstanceOf(Problem.TooLarge.class);
    assertThat(output.get()).isLessThanOrEqualTo(MIB);
  }

  @Test
  void stopsAtTheSize() throws Exception {
    var limits =
        new DecompressionConfig(
            1_000_000, new ByteSize(0), new ByteSize(MIB), Duration.ofMinutes(1));
    var output = new AtomicLong();

    assertThat(problem(decompressor(compress(Compression.LZ4, new byte[MIB + 1]), limits), output))
        .isInstanceOf(Problem.TooLarge.class);
    assertThat(output.get()).isLessThanOrEqualTo(MIB);
    run(decompressor(compress(Compression.LZ4, new byte[MIB]), limits), piece -> {});
  }

  @Test
  void stopsWhenTimeIsUp() throws Exception {
    var limits =
        new DecompressionConfig(100, new ByteSize(0), new ByteSize(MIB), Duration.ofNanos(1));

    assertThat(
            problem(decompressor(compress(Compression.XZ, new byte[10]), limits), new AtomicLong()))
        .isEqualTo(new Problem.TooLarge("Decompressing the data takes longer than allowed."));
  }

  @Test
  void stopsInStreamsFromWhichNothingComes() throws Exception {
    var empty = TestingArchives.zeros(Compression.GZIP, 0, 100_000);
    var decompressor = decompressor(empty, LIMITS);
    var reason = new Problem.Interrupted("Enough.");
    decompressor.stop(reason);

    assertThat(problem(decompressor, new AtomicLong())).isEqualTo(reason);
  }

  @Test
  void refusesWhatAsksForTooMuchMemory() throws Exception {
    var expected = new Problem.TooLarge("The data takes more memory to decompress than allowed.");

    assertThat(problem(TestingArchives.greedyXz())).isEqualTo(expected);
    assertThat(problem(TestingArchives.greedyLzma())).isEqualTo(expected);
    assertThat(problem(TestingArchives.greedyZstd())).isEqualTo(expected);
  }

  /** A JVM of its own with little heap; the figure is the most memory it ever had. */
  @ParameterizedTest
  @ValueSource(
      strings = {"XZ 67108864 1600", "LZMA 16777216 1", "GZIP 67108864 16", "ZSTD 67108864 1600"})
  void refusesBombsInLittleMemory(String bomb) throws Exception {
    var parts = bomb.split(" ", -1);
    var zeros =
        TestingArchives.zeros(
            Compression.valueOf(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    var file = Files.write(directory.resolve("bomb"), zeros);

    var outcome = TestingDecompression.run(file);

    assertThat(outcome.problem()).startsWith("The data becomes larger than allowed");
    assertThat(outcome.outputBytes()).isLessThanOrEqualTo(256L * MIB);
    assertThat(outcome.peakMemoryBytes()).isLessThan(200L * MIB);
  }
}
