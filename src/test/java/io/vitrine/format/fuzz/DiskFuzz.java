package io.vitrine.format.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The entry of Jazzer, which looks for inputs that lead to further code of a reader. Its argument
 * names the {@link Subject}. The check "fuzz" runs it.
 */
public final class DiskFuzz {
  /** How many steps of a trial may load classes. */
  private static final int MAX_LOADS = 20;

  private static Subject subject = Subject.QCOW2;

  private DiskFuzz() {}

  /** Called once, with the name of the subject. */
  public static void fuzzerInitialize(String[] arguments) {
    subject = named(arguments[0]);
  }

  /** Called with each input. What it throws is a finding. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    for (int left = MAX_LOADS; !tries(input, left); left--) {}
  }

  /** Whether a try was one; Jazzer takes memory too, once, for each class that is loaded. */
  private static boolean tries(byte[] input, int left) throws IOException {
    try {
      subject.tries(input);
      return true;
    } catch (Memory.ExceededError exceeded) {
      if (left == 0) {
        throw exceeded;
      }
      return false;
    }
  }

  private static Subject named(String name) {
    return Subject.valueOf(name.toUpperCase(Locale.ROOT));
  }

  /**
   * Writes the samples of a subject into a directory, to start from; or tries a finding again.
   *
   * @param arguments the subject, and a directory or a file
   */
  public static void main(String[] arguments) throws IOException {
    var named = named(arguments[0]);
    var path = Path.of(arguments[1]);
    if (Files.isRegularFile(path)) {
      System.out.println(named.tries(Files.readAllBytes(path)) ? "read" : "refused");
    } else {
      int number = 0;
      for (var sample : named.samples()) {
        Files.write(path.resolve("sample-" + number++), sample);
      }
    }
  }
}
