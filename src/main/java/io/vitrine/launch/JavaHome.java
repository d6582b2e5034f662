package io.vitrine.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds a recent enough Java by the {@code release} file in its home. */
final class JavaHome {
  /** The oldest feature release that runs the program. */
  static final int NEEDED = 25;

  private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+).*\"");

  private JavaHome() {}

  /** The home that the user names, else the newest in the usual places below the root. */
  static Optional<Path> find(Map<String, String> environment, Path root) {
    var named = environment.get("VITRINE_JAVA_HOME");
    if (named != null && version(Path.of(named)) >= NEEDED) {
      return Optional.of(Path.of(named));
    }
    return candidates(environment, root).stream()
        .filter(home -> version(home) >= NEEDED)
        .max(Comparator.comparingInt(JavaHome::version));
  }

  private static List<Path> candidates(Map<String, String> environment, Path root) {
    var homes = new ArrayList<Path>();
    homes.addAll(list(root.resolve("usr/lib/jvm"), ""));
    for (var java : list(root.resolve("opt"), "java")) {
      homes.add(java);
      homes.addAll(list(java, ""));
    }
    var user = environment.get("HOME");
    if (user != null) {
      homes.addAll(list(Path.of(user, ".sdkman", "candidates", "java"), ""));
      homes.addAll(list(Path.of(user, ".jdks"), ""));
    }
    return homes;
  }

  private static List<Path> list(Path directory, String prefix) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var entries = Files.list(directory)) {
      return entries
          .filter(entry -> entry.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException unreadable) {
      return List.of();
    }
  }

  /** The feature release of the Java in a home; 0 if it cannot be run. */
  private static int version(Path home) {
    if (!Files.isExecutable(home.resolve("bin").resolve("java"))) {
      return 0;
    }
    try (var lines = Files.lines(home.resolve("release"))) {
      return lines
          .map(VERSION::matcher)
          .filter(line -> line.matches())
          .mapToInt(line -> Integer.parseInt(line.group(1)))
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException unreadable) {
      return 0;
    }
  }
}
