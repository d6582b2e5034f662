package io.vitrine.format.mapped;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * A set of units of a file. Its memory grows with the number of units, not with their positions: a
 * lone unit at an absurd position costs one page.
 */
final class UnitSet {
  /** The units that can be told apart. */
  static final int MAX = Integer.MAX_VALUE;

  private static final int PAGE_UNITS = 4096;

  private final Map<Integer, BitSet> pages = new HashMap<>();

  /** How many pages there are, each of which takes about 600 bytes of memory. */
  int pages() {
    return pages.size();
  }

  UnitSet copy() {
    var copy = new UnitSet();
    pages.forEach((number, page) -> copy.pages.put(number, (BitSet) page.clone()));
    return copy;
  }

  /** Adds all units from the first to the last. */
  void add(int first, int last) {
    for (int page = first / PAGE_UNITS; page <= last / PAGE_UNITS; page++) {
      pages
          .computeIfAbsent(page, absent -> new BitSet(PAGE_UNITS))
          .set(within(page, first), within(page, last) + 1);
    }
  }

  /** Whether any unit from the first to the last is in the set. */
  boolean hasAny(int first, int last) {
    for (int page = first / PAGE_UNITS; page <= last / PAGE_UNITS; page++) {
      var units = pages.get(page);
      if (units != null) {
        int found = units.nextSetBit(within(page, first));
        if (found >= 0 && found <= within(page, last)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Where in a page a unit is, or the end of the page next to it. */
  private static int within(int page, int unit) {
    return Math.clamp(unit - (long) page * PAGE_UNITS, 0, PAGE_UNITS - 1);
  }
}
