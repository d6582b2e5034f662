package io.vitrine.importer.decompress;

import static io.vitrine.importer.decompress.TestingArchives.join;
import static io.vitrine.importer.decompress.TestingLha.archive;
import static io.vitrine.importer.decompress.TestingLha.bits;
import static io.vitrine.importer.decompress.TestingLha.directory;
import static io.vitrine.importer.decompress.TestingLha.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.image.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of LHA, by hand and by another program. */
@Timeout(60)
class LhaTest {
  private final byte[] data = TestingArchives.data(5000);

  /** The archives are those of jlha 0.1.6, with headers of different levels. */
  @ParameterizedTest
  @CsvSource({"lh4, 4000", "lh5, 8000", "lh6, 30000", "lh7, 60000"})
  void readsWhatOthersWrite(String method, int distance) throws Exception {
    byte[] packed;
    try (var file = LhaTest.class.getResourceAsStream(method + ".lzh")) {
      packed = Objects.requireNonNull(file).readAllBytes();
    }

    assertThat(Compression.of(packed)).hasValue(Compression.LHA);
    assertThat(unpack(packed)).isEqualTo(sample(distance));
    for (int length = 21; length < packed.length - 1; length++) {
      var cut = Arrays.copyOf(packed, length);
      assertThatThrownBy(() -> unpack(cut)).as("%d bytes", length).isInstanceOf(IOException.class);
    }
  }

  /** Some bytes, zeros, and the same bytes at this distance. */
  private static byte[] sample(int distance) {
    var random = new Random(7);
    var start = new byte[600];
    for (int i = 0; i < start.length; i++) {
      start[i] = (byte) random.nextInt(random.nextInt(random.nextInt(250) + 1) + 1);
    }
    var sample = Arrays.copyOf(start, distance + start.length);
    System.arraycopy(start, 0, sample, distance, start.length);
    return sample;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void readsHeadersOfAllLevels(int level) throws Exception {
    var packed = archive(level, stored(data));

    assertThat(Compression.of(packed)).hasValue(Compression.LHA);
    assertThat(unpack(packed)).isEqualTo(data);
    assertThat(unpack(archive(level, directory(), stored(data), directory()))).isEqualTo(data);
  }

  @Test
  void readsWhatHasNoEnd() throws Exception {
    var packed = archive(stored(data));

    assertThat(unpack(Arrays.copyOf(packed, packed.length - 1))).isEqualTo(data);
    assertThat(unpack(join(packed, data))).isEqualTo(data);
  }

  static Stream<Arguments> refused() {
    var file = stored(new byte[] {1, 2, 3});
    var gzip = stored(new byte[] {0x1f, (byte) 0x8b, 8, 0});
    return Stream.of(
        arguments(archive(file, file), "more than one member"),
        arguments(archive(directory(), file, directory(), file), "more than one member"),
        arguments(archive(directory(), directory()), "no plain file"),
        arguments(archive(gzip), "other compressed data (gzip)"),
        arguments(
            archive(stored(TestingArchives.skippable(4))), "other compressed data (zstd or lz4)"),
        arguments(archive(stored(archive(file))), "other compressed data (lha)"),
        arguments(
            archive(new TestingLha.Member("-lh1-", new byte[9], 9, 0)), "not supported (-lh1-)"),
        arguments(
            archive(new TestingLha.Member("-lhx-", new byte[9], 9, 0)), "not supported (-lhx-)"),
        arguments(archive(3, file), "level above 2"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void saysWhatItDoesNotRead(byte[] packed, String reason) {
    assertThatThrownBy(() -> unpack(packed))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(reason);
  }

  static Stream<Arguments> broken() {
    var file = stored(new byte[] {1, 2, 3});
    return Stream.of(
        arguments("sum of a header", spoiled(0, 24)),
        arguments("sum of a header with extensions", spoiled(1, 24)),
        arguments("extension", spoiled(1, 35)),
        arguments("checksum of a header", spoiled(2, 15)),
        arguments("large size", spoiled(2, 47)),
        arguments("length of an extension", spoiled(2, 25)),
        arguments("data", spoiled(2, 51)),
        arguments("size", archive(new TestingLha.Member("-lh0-", new byte[9], 8, 0))),
        arguments("larger size", archive(new TestingLha.Member("-lh0-", new byte[9], 10, 0))),
        arguments(
            "second header",
            join(
                Arrays.copyOf(archive(file), 53),
                "x".repeat(30).getBytes(StandardCharsets.US_ASCII))),
        arguments("nothing packed", lh5("")),
        arguments("empty block", lh5(bits(0, 16))),
        arguments("unknown symbol", lh5(bits(1, 16) + bits(0, 19) + bits(510, 9))),
        arguments("too many symbols", lh5(bits(1, 16) + bits(0, 10) + bits(511, 9))),
        arguments("too many lengths", lh5(bits(1, 16) + bits(20, 5))),
        arguments("length too long", lh5(bits(1, 16) + bits(1, 5) + "1".repeat(60))),
        arguments("code not complete", lh5(bits(1, 16) + bits(1, 5) + "001" + bits(0, 60))),
        arguments("code overfull", lh5(bits(1, 16) + bits(3, 5) + "001".repeat(3) + bits(0, 60))),
        arguments(
            "gap too long",
            lh5(bits(1, 16) + bits(0, 5) + bits(2, 5) + bits(5, 9) + "1".repeat(60))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void refusesWhatIsBroken(String name, byte[] packed) {
    assertThatThrownBy(() -> unpack(packed)).as(name).isInstanceOf(IOException.class);
  }

  @Test
  void failsOnlyAsBrokenWhateverIsSpoiled() throws Exception {
    byte[] sound;
    try (var file = LhaTest.class.getResourceAsStream("lh7.lzh")) {
      sound = Objects.requireNonNull(file).readAllBytes();
    }
    var random = new Random(7);
    for (int i = 0; i < 3000; i++) {
      var packed = sound.clone();
      for (int spoiled = random.nextInt(4); spoiled >= 0; spoiled--) {
        packed[random.nextInt(packed.length)] = (byte) random.nextInt();
      }
      try (var content = Compression.LHA.open(new ByteArrayInputStream(packed))) {
        content.skipNBytes(1 << 20);
      } catch (IOException | ProblemException expected) {
        assertThat(expected).isNotNull();
      }
    }
  }

  @Test
  void decodesNoMoreThanIsRead() throws Exception {
    try (var content =
        Compression.LHA.open(new ByteArrayInputStream(archive(TestingLha.spaces(200))))) {
      assertThat(new String(content.readNBytes(1 << 20), StandardCharsets.US_ASCII)).isBlank();
    }
  }

  @Test
  void knowsWhatIsNoArchive() {
    var text = "Its -lhs- is not on the right, and goes on for a while.";

    assertThat(Compression.of(text.getBytes(StandardCharsets.US_ASCII))).isEmpty();
    assertThat(Compression.of(Arrays.copyOf(archive(stored(data)), 20))).isEmpty();
    assertThat(
            Compression.of("  -lh5-              ~ and so on".getBytes(StandardCharsets.US_ASCII)))
        .isEmpty();
  }

  /** An archive of which one byte is another. */
  private static byte[] spoiled(int level, int at) {
    var packed = archive(level, stored(new byte[] {1, 2, 3}));
    packed[at] ^= 0x5a;
    return packed;
  }

  private static byte[] lh5(String digits) {
    return archive(new TestingLha.Member("-lh5-", TestingLha.toBytes(digits), 100, 0));
  }

  private static byte[] unpack(byte[] packed) throws IOException {
    try (var content = Compression.LHA.open(new ByteArrayInputStream(packed))) {
      return content.readAllBytes();
    }
  }
}
