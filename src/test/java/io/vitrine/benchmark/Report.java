package io.vitrine.benchmark;

import java.util.ArrayList;
import java.util.List;

/** The table of all figures, with what they should be. */
final class Report {
  private static final String ROW = "%-46s %9s %19s %8s %9s  %s%n";

  private final List<String> rows = new ArrayList<>();
  private boolean hasMisses;

  /** A figure that others are compared with. */
  void plain(Series series) {
    rows.add(row(series, "", "", ""));
  }

  /** A figure next to another one, whatever their ratio. */
  void compared(Series series, Series other) {
    rows.add(row(series, "%.2f".formatted(series.ratioTo(other)), "", ""));
  }

  /** A figure that should be at least so many times another one. */
  void atLeast(Series series, Series other, double target) {
    compared(series, series.ratioTo(other), ">=", target);
  }

  /** A figure that should be at least so many times one that was measured elsewhere. */
  void atLeast(Series series, double other, double target) {
    compared(series, series.median() / other, ">=", target);
  }

  /** A figure that should be at most so many times another one. */
  void atMost(Series series, Series other, double target) {
    compared(series, series.ratioTo(other), "<=", target);
  }

  /** A value that has a limit of its own. */
  void atMost(String name, double value, double limit) {
    var verdict = verdict(value <= limit);
    rows.add(ROW.formatted(name, number(value), "", "", "<= " + number(limit), verdict));
  }

  boolean hasMisses() {
    return hasMisses;
  }

  String table() {
    return ROW.formatted("figure", "median", "min .. max", "ratio", "target", "")
        + String.join("", rows);
  }

  private void compared(Series series, double ratio, String sign, double target) {
    var verdict = verdict(sign.equals(">=") ? ratio >= target : ratio <= target);
    rows.add(row(series, "%.2f".formatted(ratio), sign + " " + number(target), verdict));
  }

  private String verdict(boolean isMet) {
    hasMisses |= !isMet;
    return isMet ? "met" : "MISSED";
  }

  private static String row(Series series, String ratio, String target, String verdict) {
    var span = number(series.min()) + " .. " + number(series.max());
    return ROW.formatted(series.name(), number(series.median()), span, ratio, target, verdict);
  }

  private static String number(double value) {
    return value < 20 ? "%.2f".formatted(value) : "%,.0f".formatted(value);
  }
}
