package io.vitrine.store.swift;

import io.vitrine.store.blob.StoreFailures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What earlier requests have left of a blob. Any process finds it by the names alone.
 *
 * @param segments those that stay
 * @param tail holds the data behind them, perhaps with more; it becomes part of the next segment,
 *     as it is short or has too much
 * @param others those that do not count
 */
record KeptSegments(
    List<KeptSegment> segments, Optional<KeptSegment> tail, List<KeptSegment> others) {
  /** Nothing yet. */
  static final KeptSegments NOTHING = new KeptSegments(List.of(), Optional.empty(), List.of());

  /**
   * Chooses the segments with the bytes before an offset, each by the last request that has written
   * there; fails as missing if there are none.
   *
   * @param shortBytes the size of the smallest segment that stays as it is
   */
  static KeptSegments before(long offset, List<KeptSegment> all, long shortBytes) {
    var chain = new ArrayList<KeptSegment>();
    for (long end = 0; end < offset; end = chain.getLast().end()) {
      long from = end;
      chain.add(
          all.stream()
              .filter(each -> each.from() == from && each.sizeBytes() > 0)
              .max(Comparator.comparingLong(KeptSegment::turn))
              .orElseThrow(StoreFailures::lostUpload));
    }
    var others = new ArrayList<>(all);
    others.removeAll(chain);
    if (chain.isEmpty()) {
      return new KeptSegments(List.of(), Optional.empty(), others);
    }
    var last = chain.getLast();
    boolean isTail = last.end() > offset || last.sizeBytes() < shortBytes;
    return isTail
        ? new KeptSegments(chain.subList(0, chain.size() - 1), Optional.of(last), others)
        : new KeptSegments(chain, Optional.empty(), others);
  }

  /** Where the next segment begins in the blob. */
  long end() {
    return segments.isEmpty() ? 0 : segments.getLast().end();
  }
}
