package io.vitrine.importer.decompress;

import static io.vitrine.importer.decompress.TestingArchives.compress;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;

/** The .lzma format, which is told from other data by much more than a signature. */
class LzmaAloneTest {
  private final byte[] data = TestingArchives.data(100_000);

  @Test
  void readsWhatTellsItsSize() throws Exception {
    var packed = withSize(new LZMA2Options(3), data);

    assertThat(Compression.of(packed)).hasValue(Compression.LZMA);
    assertThat(unpack(packed)).isEqualTo(data);
  }

  @ParameterizedTest
  @ValueSource(ints = {4 << 10, 6 << 10, 1 << 20, 3 << 19, 64 << 20})
  void recognisesAnyUsualDictionary(int dictionaryBytes) throws Exception {
    var options = new LZMA2Options(0);
    options.setDictSize(dictionaryBytes);

    assertThat(Compression.of(withSize(options, data))).hasValue(Compression.LZMA);
  }

  @Test
  void recognisesAnyProperties() throws Exception {
    for (int context = 0; context <= 4; context++) {
      for (int position = 0; position <= 4; position++) {
        var options = new LZMA2Options(0);
        options.setLcLp(context, 4 - context);
        options.setPb(position);

        assertThat(Compression.of(withSize(options, data))).hasValue(Compression.LZMA);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Properties, dictionary, size, first byte, and the code, each with one fault.
        "e1 00001000 ffffffffffffffff 00 12345678",
        "33 00001000 ffffffffffffffff 00 12345678",
        "5d 00000000 ffffffffffffffff 00 12345678",
        "5d 00010000 ffffffffffffffff 00 12345678",
        "5d 01001000 ffffffffffffffff 00 12345678",
        "5d 00002800 ffffffffffffffff 00 12345678",
        "5d 00001000 0000000000000000 00 12345678",
        "5d 00001000 0000000040000000 00 12345678",
        "5d 00001000 fffffffffffffffe 00 12345678",
        "5d 00001000 ffffffffffffffff 01 12345678",
        "5d 00001000 ffffffffffffffff 00 00000000",
        // A match before there is any data.
        "5d 00001000 ffffffffffffffff 00 ffffffff",
        // An icon, a font, and boot code.
        "00 00010001 0020200000010020 00 a8100000",
        "00 01000000 0f00800003007047 44 45460012",
        "33 c08ed0bc 007c8ec08ed8be00 7c bf0006b9"
      })
  void takesNoOtherDataForIt(String start) {
    var head = HexFormat.of().parseHex(start.replace(" ", ""));

    assertThat(LzmaAlone.begins(Arrays.copyOf(head, 512))).isFalse();
  }

  @Test
  void takesNoRandomDataForIt() {
    var random = new Random(7);
    int taken = 0;
    for (int i = 0; i < 10_000; i++) {
      var head = new byte[512];
      random.nextBytes(head);
      // As like as it can be: only what is coded is random.
      System.arraycopy(HexFormat.of().parseHex("5d00008000ffffffffffffffff00"), 0, head, 0, 14);
      taken += LzmaAlone.begins(head) ? 1 : 0;
    }

    assertThat(taken).isLessThan(100);
  }

  @Test
  void refusesDataAfterIt() throws Exception {
    var packed = compress(Compression.LZMA, data);

    assertThatThrownBy(() -> unpack(Arrays.copyOf(packed, packed.length + 1)))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> unpack(TestingArchives.join(packed, packed)))
        .isInstanceOf(IOException.class);
  }

  private static byte[] withSize(LZMA2Options options, byte[] data) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var out = new LZMAOutputStream(packed, options, data.length)) {
      out.write(data);
    }
    return packed.toByteArray();
  }

  private static byte[] unpack(byte[] packed) throws IOException {
    try (var content = Compression.LZMA.open(new ByteArrayInputStream(packed))) {
      return content.readAllBytes();
    }
  }
}
