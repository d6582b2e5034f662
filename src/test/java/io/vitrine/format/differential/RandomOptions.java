package io.vitrine.format.differential;

import java.util.ArrayList;
import java.util.List;

/** The options of qemu-img for a new image, as far as a disk of a size is made fast. */
final class RandomOptions {
  /** Images that have all of the disk in the file are not made larger. */
  static final long MAX_ALLOCATED_BYTES = 16 << 20;

  private final Dice dice;
  private final long diskBytes;
  private final List<String> options = new ArrayList<>();

  /** Whether the image can be written to after it was made. */
  private boolean isWritable = true;

  /** Whether compressed clusters are possible. */
  private boolean isCompressible;

  private int clusterBytes;
  private int unitBytes = 1 << 16;
  private int logMib;

  RandomOptions(Dice dice, long diskBytes) {
    this.dice = dice;
    this.diskBytes = diskBytes;
  }

  boolean isWritable() {
    return isWritable;
  }

  boolean isCompressible() {
    return isCompressible;
  }

  /** What compressed writes are aligned to. */
  int clusterBytes() {
    return clusterBytes;
  }

  /** About what the format maps as one, so that writes near its multiples are the harder ones. */
  int unitBytes() {
    return unitBytes;
  }

  /** The length of the log of a VHDX. */
  int logMib() {
    return logMib;
  }

  boolean has(String option) {
    return options.contains(option);
  }

  /** The options for a format, as words of a command. */
  List<String> choose(String diskFormat) {
    switch (diskFormat) {
      case "qcow2" -> chooseQcow2();
      case "vmdk" -> chooseVmdk();
      case "vdi" -> chooseVdi();
      case "vhd" -> chooseVhd();
      case "vhdx" -> chooseVhdx();
      default -> {}
    }
    return options.isEmpty() ? List.of() : List.of("-o", String.join(",", options));
  }

  private boolean isSmall() {
    return diskBytes <= MAX_ALLOCATED_BYTES;
  }

  private void add(String option) {
    options.add(option);
  }

  private void chooseQcow2() {
    boolean isOld = dice.percent(20);
    boolean isExtended = !isOld && dice.percent(30);
    // Small clusters need very many tables.
    int leastBits = isExtended ? 14 : diskBytes > 256 << 20 ? 12 : 9;
    int bits = dice.percent(25) ? 16 : dice.between(leastBits, 21);
    clusterBytes = 1 << bits;
    unitBytes = isExtended ? clusterBytes / 32 : clusterBytes;
    add("compat=" + (isOld ? "0.10" : "1.1"));
    add("cluster_size=" + clusterBytes);
    if (isExtended) {
      add("extended_l2=on");
    }
    if (!isOld) {
      add("compression_type=" + dice.oneOf("zlib", "zstd"));
      add("refcount_bits=" + dice.oneOf(1, 2, 4, 8, 16, 16, 16, 32, 64));
      add("lazy_refcounts=" + (dice.percent(30) ? "on" : "off"));
    }
    isCompressible = !isSmall() || dice.percent(80);
    if (!isCompressible) {
      add("preallocation=" + dice.oneOf("metadata", "falloc", "full"));
    }
  }

  private void chooseVmdk() {
    isWritable = dice.percent(60);
    add("subformat=" + (isWritable ? "monolithicSparse" : "streamOptimized"));
    if (dice.percent(40)) {
      add("zeroed_grain=on");
    }
    if (dice.percent(20)) {
      add("compat6=on");
    }
    if (dice.percent(30)) {
      add("adapter_type=" + dice.oneOf("ide", "buslogic", "lsilogic", "legacyESX"));
    }
  }

  private void chooseVdi() {
    unitBytes = 1 << 20;
    add(isSmall() && dice.percent(40) ? "static=on" : "static=off");
  }

  private void chooseVhd() {
    unitBytes = 2 << 20;
    add("subformat=" + (isSmall() && dice.percent(40) ? "fixed" : "dynamic"));
    add("force_size=" + dice.oneOf("on", "off"));
  }

  private void chooseVhdx() {
    boolean isFixed = isSmall() && dice.percent(30);
    // Blocks are read whole, so that a large one takes its time.
    int blockMib = 1 << (isSmall() && dice.percent(20) ? dice.between(3, 8) : dice.between(0, 3));
    add("subformat=" + (isFixed ? "fixed" : "dynamic"));
    add("block_size=%dM".formatted(blockMib));
    unitBytes = blockMib << 20;
    logMib = dice.oneOf(1, 1, 1, 2, 5);
    add("log_size=%dM".formatted(logMib));
    if (dice.percent(30)) {
      add("block_state_zero=off");
    }
  }
}
