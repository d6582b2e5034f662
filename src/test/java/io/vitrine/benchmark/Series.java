package io.vitrine.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One figure, measured once in each round.
 *
 * @param isRepeated whether the report has the values already, and only a ratio is to be added
 */
record Series(String name, List<Double> values, boolean isRepeated) {
  Series(String name) {
    this(name, new ArrayList<>(), false);
  }

  /** The same values under the name of a ratio. */
  Series as(String ratio) {
    return new Series(ratio, values, true);
  }

  void add(double value) {
    values.add(value);
  }

  double median() {
    var sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  double min() {
    return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  double max() {
    return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  /**
   * The ratios to another figure. Each round is compared with itself, since the machine's speed
   * changes between rounds.
   */
  Series over(Series other) {
    var ratios =
        IntStream.range(0, values.size())
            .mapToObj(round -> values.get(round) / other.values.get(round))
            .toList();
    return new Series(name, ratios, false);
  }
}
