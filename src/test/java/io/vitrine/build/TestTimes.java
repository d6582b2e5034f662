package io.vitrine.build;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Prints how long each phase of the tests took, and its slowest classes, by Maven's reports. */
final class TestTimes {
  private static final Pattern SUITE =
      Pattern.compile("<testsuite[^>]* name=\"([^\"]+)\" time=\"([0-9.,]+)\" tests=\"(\\d+)\"");
  private static final int SHOWN = 3;

  private TestTimes() {}

  private enum Phase {
    UNIT,
    WIRE,
    PROCESS;

    static Phase of(String test) {
      return test.endsWith("WireTest") ? WIRE : test.endsWith("IT") ? PROCESS : UNIT;
    }
  }

  /** One class; its report was written when it had ended. */
  private record Run(String test, Duration time, int tests, Instant end) {
    Instant begin() {
      return end.minus(time);
    }

    String line() {
      return "%s %.1f s".formatted(test.substring(test.lastIndexOf('.') + 1), seconds(time));
    }
  }

  /** The arguments are the directories of reports; those that do not exist are passed over. */
  public static void main(String[] directories) throws IOException {
    var runs = new ArrayList<Run>();
    for (var directory : directories) {
      if (Files.isDirectory(Path.of(directory))) {
        runs.addAll(runs(Path.of(directory)));
      }
    }
    for (var phase : Phase.values()) {
      print(phase, runs.stream().filter(run -> Phase.of(run.test) == phase).toList());
    }
  }

  private static List<Run> runs(Path directory) throws IOException {
    var runs = new ArrayList<Run>();
    try (var reports = Files.newDirectoryStream(directory, "TEST-*.xml")) {
      for (var report : reports) {
        var suite = SUITE.matcher(Files.readString(report));
        if (suite.find()) {
          var seconds = Double.parseDouble(suite.group(2).replace(",", ""));
          runs.add(
              new Run(
                  suite.group(1),
                  Duration.ofMillis(Math.round(seconds * 1000)),
                  Integer.parseInt(suite.group(3)),
                  Files.getLastModifiedTime(report).toInstant()));
        }
      }
    }
    return runs;
  }

  private static void print(Phase phase, List<Run> runs) {
    var begin = runs.stream().map(Run::begin).min(Comparator.naturalOrder());
    var end = runs.stream().map(Run::end).max(Comparator.naturalOrder());
    if (begin.isPresent() && end.isPresent()) {
      var slowest = runs.stream().sorted(Comparator.comparing(Run::time).reversed()).limit(SHOWN);
      System.out.printf(
          "%-8s %5d tests in %4.0f s; slowest: %s%n",
          phase.name().toLowerCase(Locale.ROOT),
          runs.stream().mapToInt(Run::tests).sum(),
          seconds(Duration.between(begin.get(), end.get())),
          slowest.map(Run::line).collect(joining(", ")));
    }
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
