package io.vitrine.format.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How all images fared. */
final class Tally {
  private int equal;
  private int refused;
  private int strictlyRefused;
  private int cuts;
  private final List<String> differences = new ArrayList<>();

  /** Tries an image. */
  @Nullable Void add(Recipe recipe, Path parent) throws IOException, InterruptedException {
    var directory = Files.createDirectory(parent.resolve("seed" + recipe.seed()));
    var trial = new ImageTrial(recipe, directory);
    try {
      count(trial.run(), trial.cuts());
    } catch (IOException | RuntimeException | AssertionError difference) {
      differs(recipe, difference);
    } finally {
      if (!Boolean.getBoolean("formats.keep")) delete(directory);
    }
    return null;
  }

  private synchronized void count(ImageTrial.Outcome outcome, int cutsTried) {
    switch (outcome) {
      case EQUAL -> equal++;
      case REFUSED -> refused++;
      case STRICTLY_REFUSED -> strictlyRefused++;
    }
    cuts += cutsTried;
  }

  /** Notes a difference. */
  synchronized void differs(Recipe recipe, Throwable difference) {
    var text = recipe + "\n" + difference;
    System.out.println("DIFFERENT " + text);
    difference.printStackTrace(System.out);
    differences.add(text);
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  synchronized List<String> differences() {
    return List.copyOf(differences);
  }

  @Override
  public synchronized String toString() {
    return "%d images: %d equal, %d refused by both, %d damaged and refused by us, %d different; %d cuts: 0 wrong"
        .formatted(
            equal + refused + strictlyRefused + differences.size(), equal, refused, strictlyRefused, differences.size(), cuts);
  }
}
