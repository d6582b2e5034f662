package io.vitrine.format.qcow2;

import static io.vitrine.format.TestingInspection.inspect;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Images that lost their end are refused, or read as if they had not. */
class Qcow2CutTest {
  /** A way to read all of a disk. */
  @FunctionalInterface
  private interface Reading {
    byte[] of(byte[] file) throws IOException;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.vitrine.format.qcow2.TestingImages#all")
  void cutImagesNeverReadAsOthers(String name, TestingQcow2 image) throws Exception {
    for (int length : cuts(image)) {
      var file = Arrays.copyOf(image.file(), length);

      boolean isWhole = isWhole(TestingQcow2.DISKS::whole, file, image);

      assertThat(isWhole(TestingQcow2.DISKS::inFileOrder, file, image)).as(name).isEqualTo(isWhole);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.vitrine.format.qcow2.TestingImages#all")
  void uploadsOfWholeImagesAreAccepted(String name, TestingQcow2 image) throws Exception {
    for (int length : cuts(image)) {
      var file = Arrays.copyOf(image.file(), length);

      boolean hasRefcounts = length >= 2 * image.clusterBytes();
      if (hasRefcounts && isWhole(TestingQcow2.DISKS::whole, file, image)) {
        assertThat(inspect(file).violations()).as("%s, %d bytes", name, length).isEmpty();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.vitrine.format.qcow2.TestingImages#plain")
  void uploadsOfCutImagesAreRefused(String name, TestingQcow2 image) throws Exception {
    boolean hasTablesBehind = !name.equals("L1 table at the end");
    for (int length : cuts(image)) {
      var file = Arrays.copyOf(image.file(), length);

      if (hasTablesBehind && !isWhole(TestingQcow2.DISKS::whole, file, image)) {
        assertThat(inspect(file).violations()).as("%s, %d bytes", name, length).isNotEmpty();
      }
    }
  }

  private static boolean isWhole(Reading reading, byte[] file, TestingQcow2 image)
      throws IOException {
    byte[] read;
    try {
      read = reading.of(file);
    } catch (InvalidImageException refusal) {
      assertThat(refusal).hasMessageMatching("is cut off: needs \\d+ bytes, has " + file.length);
      return false;
    }
    assertThat(read).as("%d bytes", file.length).isEqualTo(image.disk());
    return true;
  }

  /** Around the ends of clusters and sectors, up to 120, and in the last bytes. */
  private static Set<Integer> cuts(TestingQcow2 image) {
    int length = image.file().length;
    boolean isLarge = length > 2 << 20;
    int step = Math.max(512, length / (isLarge ? 6 : 40) / 512 * 512);
    var cuts = new TreeSet<Integer>();
    for (int end = 512; end < length; end += step) {
      cuts.addAll(List.of(end - 1, end, end + 1));
    }
    for (int end = Math.max(512, length - (isLarge ? 2 : 40)); end <= length; end++) {
      cuts.add(end);
    }
    return cuts;
  }
}
