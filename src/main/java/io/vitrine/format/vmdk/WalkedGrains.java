package io.vitrine.format.vmdk;

import java.util.HashMap;
import java.util.Map;

/**
 * The sectors of grains that were met in the file, before the tables that map them are there. It
 * needs 4 bytes for each grain of a touched table, at most 64 MiB. Safe for concurrent use.
 */
final class WalkedGrains {
  private static final long MAX_GRAINS = 1 << 24;

  private final int tableEntries;
  private final Map<Integer, int[]> tables = new HashMap<>();

  WalkedGrains(SparseHeader header) {
    tableEntries = header.tableEntries();
  }

  /** Whether a disk has few enough grains. */
  static boolean canHold(SparseHeader header) {
    return header.grains() <= MAX_GRAINS;
  }

  /** The sector of a grain; 0 if it was not met. */
  synchronized int sector(long grain) {
    var table = tables.get((int) (grain / tableEntries));
    return table == null ? 0 : table[(int) (grain % tableEntries)];
  }

  synchronized void add(long grain, int sector) {
    tables
            .computeIfAbsent((int) (grain / tableEntries), index -> new int[tableEntries])[
            (int) (grain % tableEntries)] =
        sector;
  }
}
