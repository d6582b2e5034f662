package io.vitrine.format;

import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What must hold for any content and any chunking. */
class InspectionProperties {
  /** Sound images, by name so that a failure can be reported. */
  enum Sound {
    QCOW2,
    VHD,
    FIXED_VHD,
    VHDX,
    VMDK,
    STREAM_OPTIMIZED,
    VDI,
    ISO,
    GPT,
    LUKS,
    LUKS_2,
    QED,
    TEXT;

    byte[] toBytes() {
      var image =
          switch (this) {
            case QCOW2 -> TestingImage.qcow2();
            case VHD -> TestingImage.vhd();
            case FIXED_VHD -> TestingImage.fixedVhd(TestingImage.mbr());
            case VHDX -> TestingImage.vhdx();
            case VMDK -> TestingImage.vmdk();
            case STREAM_OPTIMIZED -> TestingImage.streamOptimized();
            case VDI -> TestingImage.vdi();
            case ISO -> TestingImage.iso(32);
            case GPT -> TestingImage.gpt();
            case LUKS -> TestingImage.luks();
            case LUKS_2 -> TestingImage.luks2();
            case QED -> TestingImage.qed();
            case TEXT -> TestingImage.zeros(20_000).text(0, "x".repeat(9000) + "createType=\"\"");
          };
      return image.toBytes();
    }
  }

  @Property(tries = 300)
  void chunkingDoesNotMatter(
      @ForAll Sound sound,
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 70_000) Integer> sizes) {
    var image = sound.toBytes();
    var inspector = new FormatInspector();

    var at = 0;
    for (var i = 0; at < image.length; i++) {
      var count = Math.min(sizes.get(i % sizes.size()), image.length - at);
      inspector.update(ByteBuffer.wrap(image, at, count));
      at += count;
    }

    assertThat(inspector.finish()).isEqualTo(TestingInspection.inspect(image));
  }

  @Property(tries = 100)
  void filesAreWhatTheirBytesAre(@ForAll Sound sound, @ForAll @IntRange(max = 3_000_000) int longer)
      throws IOException {
    var image = sound.toBytes();
    var padded = Arrays.copyOf(image, image.length + longer);
    var file = Files.createTempFile("inspected", ".image");
    try (var channel = FileChannel.open(file, READ, WRITE, DELETE_ON_CLOSE)) {
      assertThat(inspect(channel, image)).isEqualTo(TestingInspection.inspect(image));
      assertThat(inspect(channel, padded)).isEqualTo(TestingInspection.inspect(padded));
    }
  }

  private static Inspection inspect(FileChannel file, byte[] content) throws IOException {
    file.truncate(0).write(ByteBuffer.wrap(content), 0);
    return FormatInspector.inspect(file);
  }

  @Property(tries = 12)
  void singleBytesDoNotMatter(@ForAll Sound sound) {
    var image = sound.toBytes();

    assertThat(TestingInspection.inspect(image, 1))
        .isEqualTo(TestingInspection.inspect(image, 1 << 20));
  }

  @Property(tries = 500)
  void randomContentNeverThrows(
      @ForAll byte[] content, @ForAll @IntRange(min = 1, max = 999) int chunk) {
    assertThat(TestingInspection.inspect(content, chunk).findings()).isNotEmpty();
  }

  @Property(tries = 2000)
  void spoiledImagesNeverThrow(
      @ForAll Sound sound, @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int spoiled) {
    var image = sound.toBytes();
    var random = new Random(seed);
    for (var i = 0; i < spoiled; i++) {
      // Most of what is parsed lies at the start, at 192 KiB and at 2 MiB.
      var region = List.of(0, 0, 0, 192 << 10, 2 << 20).get(random.nextInt(5));
      var at = region + 4 + random.nextInt(600);
      if (at < image.length) {
        image[at] = random.nextBoolean() ? (byte) random.nextInt() : -1;
      }
    }
    if (random.nextBoolean()) {
      TestingImage.seal(image);
    }

    assertThat(TestingInspection.inspect(image, 4096))
        .isEqualTo(TestingInspection.inspect(image, 60_001));
  }

  @Property(tries = 300)
  void cutImagesNeverThrow(@ForAll Sound sound, @ForAll @IntRange(min = 0, max = 4096) int length) {
    var image = sound.toBytes();
    var cut = Arrays.copyOf(image, Math.min(length, image.length));

    assertThat(TestingInspection.inspect(cut, 100).sizeBytes()).isEqualTo(cut.length);
  }
}
