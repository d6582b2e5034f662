package io.vitrine.importer.decompress;

import static io.vitrine.importer.decompress.TestingArchives.compress;
import static io.vitrine.importer.decompress.TestingArchives.join;
import static io.vitrine.importer.decompress.TestingArchives.pzstd;
import static io.vitrine.importer.decompress.TestingArchives.repeat;
import static io.vitrine.importer.decompress.TestingArchives.skippable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vitrine.config.ByteSize;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Frames of zstd and LZ4, with others before, between and after them. */
@Timeout(60)
class FramesTest {
  private static final int MIB = TestingArchives.MIB;

  private static final DecompressionConfig LIMITS =
      new DecompressionConfig(
          100, new ByteSize(MIB), new ByteSize(64 * MIB), Duration.ofMinutes(1));

  @TempDir private Path directory = Path.of("");

  private final byte[] data = TestingArchives.data(300_000);
  private final byte[] first = Arrays.copyOf(data, 123_456);
  private final byte[] second = Arrays.copyOfRange(data, 123_456, 300_000);

  private Decompressor decompressor(byte[] packed, DecompressionConfig limits) throws IOException {
    return new Decompressor(Files.write(directory.resolve("data"), packed), limits);
  }

  private byte[] decompress(byte[] packed) throws Exception {
    var decompressor = decompressor(packed, LIMITS);
    var result = new ByteArrayOutputStream();
    decompressor.run(decompressor.recognise().orElseThrow(), result::writeBytes);
    return result.toByteArray();
  }

  private Problem problem(byte[] packed) {
    return catchThrowableOfType(ProblemException.class, () -> decompress(packed)).problem();
  }

  @ParameterizedTest
  @EnumSource(names = {"ZSTD", "LZ4", "LZ4_LEGACY"})
  void skipsFramesAnywhere(Compression compression) throws Exception {
    var one = compress(compression, first);
    var two = compress(compression, second);

    assertThat(decompress(join(skippable(3), one, two))).isEqualTo(data);
    assertThat(decompress(join(skippable(0), skippable(300_000), one, two))).isEqualTo(data);
    assertThat(decompress(join(one, skippable(0), skippable(70_000), two))).isEqualTo(data);
    assertThat(decompress(join(one, two, skippable(1), skippable(70_000)))).isEqualTo(data);
    assertThat(decompress(join(repeat(skippable(0), 100_000), one, two))).isEqualTo(data);
  }

  @Test
  void readsWhatPzstdWrites() throws Exception {
    assertThat(decompress(pzstd(first, second))).isEqualTo(data);
    assertThat(decompress(pzstd(data, new byte[0]))).isEqualTo(data);
  }

  @Test
  void readsLegacyAndOtherFramesInTurn() throws Exception {
    var legacy = compress(Compression.LZ4_LEGACY, first);
    var modern = compress(Compression.LZ4, second);

    assertThat(decompress(join(legacy, modern))).isEqualTo(data);
    assertThat(decompress(join(legacy, skippable(9), modern))).isEqualTo(data);
    assertThat(decompress(join(modern, legacy))).isEqualTo(join(second, first));
  }

  @Test
  void readsManyLegacyBlocks() throws Exception {
    var large = TestingArchives.data(20 * MIB);

    assertThat(Arrays.equals(decompress(compress(Compression.LZ4_LEGACY, large)), large)).isTrue();
  }

  @Test
  void takesNothingElseAfterSkippableFramesForCompressed() throws Exception {
    var text = "Nothing that a decoder knows.".getBytes(StandardCharsets.US_ASCII);

    assertThat(decompressor(join(skippable(5), text), LIMITS).recognise()).isEmpty();
    assertThat(decompressor(repeat(skippable(5), 50), LIMITS).recognise()).isEmpty();
    assertThat(decompressor(Arrays.copyOf(skippable(500), 100), LIMITS).recognise()).isEmpty();
    assertThat(
            decompressor(join(skippable(5), compress(Compression.GZIP, data)), LIMITS).recognise())
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"ZSTD", "LZ4", "LZ4_LEGACY"})
  void refusesSkippableFramesThatAreCutOff(Compression compression) throws Exception {
    var packed = join(compress(compression, data), skippable(100));

    for (int missing : new int[] {1, 99, 100 + 1, 100 + 4, 100 + 7}) {
      assertThat(problem(Arrays.copyOf(packed, packed.length - missing)))
          .as("%d bytes missing", missing)
          .isInstanceOf(Problem.UnsupportedContent.class);
    }
  }

  @Test
  void refusesLegacyBlocksThatAreTooLong() throws Exception {
    var large = TestingArchives.data(8 * MIB + 1);

    assertThat(problem(TestingArchives.legacyLz4(large, large.length)))
        .isInstanceOf(Problem.UnsupportedContent.class);
    assertThat(decompress(TestingArchives.legacyLz4(data, 1000))).isEqualTo(data);
  }

  @Test
  void stopsLookingForTheFirstFrameWhenTimeIsUp() throws Exception {
    var limits =
        new DecompressionConfig(100, new ByteSize(0), new ByteSize(MIB), Duration.ofNanos(1));
    var decompressor = decompressor(repeat(skippable(0), 500_000), limits);

    assertThat(catchThrowableOfType(ProblemException.class, decompressor::recognise).problem())
        .isEqualTo(new Problem.TooLarge("Decompressing the data takes longer than allowed."));
  }

  @Test
  void stopsInFramesFromWhichNothingComes() throws Exception {
    var packed = join(compress(Compression.ZSTD, first), repeat(skippable(0), 500_000));
    var decompressor = decompressor(packed, LIMITS);
    var reason = new Problem.Interrupted("Enough.");

    var failure =
        catchThrowableOfType(
            ProblemException.class,
            () -> decompressor.run(Compression.ZSTD, piece -> decompressor.stop(reason)));

    assertThat(failure.problem()).isEqualTo(reason);
  }
}
