package io.vitrine.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of all figures, with what they should be. Nothing is asserted. */
final class Report {
  private static final String ROW = "%-56s %9s %19s %22s %9s  %s%n";

  private final List<String> rows = new ArrayList<>();
  private int met;
  private int missed;
  private int withoutPeer;

  static String heading() {
    return ROW.formatted("figure", "median", "min .. max", "ratio (min .. max)", "target", "");
  }

  /** Begins the rows of a part. */
  void section(String name) {
    rows.add("--- %s%n".formatted(name));
  }

  /** Says how the rows that follow came about. */
  void note(String text) {
    rows.add("    %s%n".formatted(text));
  }

  /** Says that uploads were sent again, if so, because then their figures are worth less. */
  void refusals(String server, int count) {
    if (count > 0) {
      note("%s refused %d uploads with 503; they were sent again".formatted(server, count));
    }
  }

  /** A figure that others are compared with. */
  void plain(Series series) {
    rows.add(row(series, "", "", ""));
  }

  /** A figure next to another one, whatever their ratio. */
  void compared(Series series, Series other) {
    rows.add(row(series, ratio(series.over(other)), "", ""));
  }

  /** A figure next to a peer's, whatever their ratio, if the peer took part. */
  void compared(Series series, Optional<Series> peer) {
    peer.ifPresentOrElse(
        other -> compared(series, other), () -> rows.add(row(series, "no peer", "", "")));
  }

  /** A figure that should be at least so many times another one. */
  void atLeast(Series series, Series other, double target) {
    var ratio = series.over(other);
    var verdict = verdict(rounded(ratio.median()) >= target);
    rows.add(row(series, ratio(ratio), ">= " + number(target), verdict));
  }

  /** A figure that should be at least so many times a peer's, if the peer took part. */
  void atLeast(Series series, Optional<Series> peer, double target) {
    peer.ifPresentOrElse(
        other -> atLeast(series, other, target), () -> noPeer(series, ">= " + number(target)));
  }

  /** A figure that should be at most so many times another one. */
  void atMost(Series series, Series other, double target) {
    var ratio = series.over(other);
    var verdict = verdict(rounded(ratio.median()) <= target);
    rows.add(row(series, ratio(ratio), "<= " + number(target), verdict));
  }

  /** A figure that has a limit of its own. */
  void atMost(Series series, double limit) {
    rows.add(row(series, "", "<= " + number(limit), verdict(series.median() <= limit)));
  }

  /** A value that has a limit of its own. */
  void atMost(String name, double value, double limit) {
    var verdict = verdict(value <= limit);
    rows.add(ROW.formatted(name, number(value), "", "", "<= " + number(limit), verdict));
  }

  boolean hasMisses() {
    return missed > 0;
  }

  /** The rows since the last call. */
  String newRows() {
    var text = String.join("", rows);
    rows.clear();
    return text;
  }

  String summary() {
    return "%d targets met, %d missed, %d without a peer%n".formatted(met, missed, withoutPeer);
  }

  private void noPeer(Series series, String target) {
    withoutPeer++;
    rows.add(row(series, "no peer", target, ""));
  }

  private String verdict(boolean isMet) {
    if (isMet) {
      met++;
    } else {
      missed++;
    }
    return isMet ? "met" : "MISSED";
  }

  private static String row(Series series, String ratio, String target, String verdict) {
    var median = series.isRepeated() ? "" : number(series.median());
    var span = series.isRepeated() ? "" : span(series);
    return ROW.formatted(series.name(), median, span, ratio, target, verdict);
  }

  private static String ratio(Series ratio) {
    var median = number(ratio.median());
    return ratio.values().size() == 1 ? median : "%s (%s)".formatted(median, span(ratio));
  }

  private static String span(Series series) {
    return number(series.min()) + " .. " + number(series.max());
  }

  /** As precise as it is printed. */
  private static double rounded(double ratio) {
    return Math.round(ratio * 100) / 100.0;
  }

  private static String number(double value) {
    return value < 20 ? "%.2f".formatted(value) : "%,.0f".formatted(value);
  }
}
