package io.vitrine.format.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How all images fared. Safe for concurrent use. */
final class Tally {
  private final Map<ImageTrial.Outcome, Integer> outcomes = new EnumMap<>(ImageTrial.Outcome.class);
  private int cuts;
  private int wrongCuts;
  private final List<String> faults = new ArrayList<>();

  /** Tries an image and notes how it fared. */
  void run(ImageTrial trial) throws InterruptedException {
    try {
      count(trial.run());
    } catch (IOException | RuntimeException | AssertionError difference) {
      differs(trial.recipe(), difference);
    }
    countCuts(trial);
  }

  private synchronized void count(ImageTrial.Outcome outcome) {
    outcomes.merge(outcome, 1, Integer::sum);
  }

  private synchronized void countCuts(ImageTrial trial) {
    cuts += trial.cuts();
    wrongCuts += trial.wrongCuts().size();
    for (var wrong : trial.wrongCuts()) {
      addFault(trial.recipe(), wrong);
    }
  }

  /** Notes a difference. */
  synchronized void differs(Recipe recipe, Throwable difference) {
    count(ImageTrial.Outcome.DIFFERENT);
    addFault(recipe, difference.toString());
  }

  private void addFault(Recipe recipe, String fault) {
    var text = recipe + "\n" + fault;
    faults.add(text);
    // At once, as all may take long.
    System.out.println("DIFFERENT " + text + "\nEND");
  }

  /** What was found, each with the recipe of the image. */
  synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  /** The line that sums up. */
  @Override
  public synchronized String toString() {
    return ("%d images: %d equal, %d refused by both, %d damaged and refused by one, %d different; "
            + "%d cuts: %d wrong")
        .formatted(
            outcomes.values().stream().mapToInt(Integer::intValue).sum(),
            outcomes.getOrDefault(ImageTrial.Outcome.EQUAL, 0),
            outcomes.getOrDefault(ImageTrial.Outcome.REFUSED, 0),
            outcomes.getOrDefault(ImageTrial.Outcome.JUDGED_ALONE, 0),
            outcomes.getOrDefault(ImageTrial.Outcome.DIFFERENT, 0),
            cuts,
            wrongCuts);
  }
}
