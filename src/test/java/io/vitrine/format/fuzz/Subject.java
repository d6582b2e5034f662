package io.vitrine.format.fuzz;

import io.vitrine.format.qcow2.TestingQcow2Samples;
import io.vitrine.format.vdi.TestingVdiSamples;
import io.vitrine.format.vhd.TestingVhdSamples;
import io.vitrine.format.vhdx.TestingVhdxSamples;
import io.vitrine.format.vmdk.TestingVmdkSamples;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A reader under test. Its samples, and their spoiled copies, are files. Those of VHDX are short
 * forms of files, as its structures lie far apart, and checksums are made right.
 */
enum Subject {
  QCOW2,
  VMDK,
  VDI,
  VHD,
  VHDX;

  /** Long enough for the largest tables that are read at once. */
  private static final long LONG_BYTES = 48 << 20;

  /** Sound images of every kind. */
  List<byte[]> samples() {
    return switch (this) {
      case QCOW2 -> TestingQcow2Samples.all();
      case VMDK -> TestingVmdkSamples.all();
      case VDI -> TestingVdiSamples.all();
      case VHD -> TestingVhdSamples.all();
      case VHDX -> TestingVhdxSamples.all();
    };
  }

  /**
   * Tries a spoiled copy as it is, and followed by zeros, so that what is pointed to is there.
   *
   * @return whether it was sound as it is
   */
  boolean tries(byte[] spoiled) throws IOException {
    var parts = parts(spoiled);
    long size = this == VHDX ? TestingVhdxSamples.sizeBytes(spoiled) : spoiled.length;
    boolean isSound = Trial.run(diskFormat(), new WatchedFile(parts, size));
    Trial.run(diskFormat(), new WatchedFile(parts, Math.max(size, LONG_BYTES)));
    return isSound;
  }

  private SortedMap<Long, byte[]> parts(byte[] spoiled) {
    return switch (this) {
      case QCOW2, VMDK, VDI -> new TreeMap<>(Map.of(0L, spoiled));
      case VHD -> new TreeMap<>(Map.of(0L, TestingVhdSamples.seal(spoiled)));
      case VHDX -> TestingVhdxSamples.parts(spoiled);
    };
  }

  private String diskFormat() {
    return name().toLowerCase(Locale.ROOT);
  }
}
