package io.vitrine.benchmark;

import io.vitrine.launch.ClassCacheMaker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The cache of classes that a server makes for its later starts, made beforehand. */
final class WarmStart {
  private static final String VARIABLE = "VITRINE_CLASS_CACHE";

  /** Without it; nothing is made in the background of a measurement either. */
  static final Map<String, String> NONE = Map.of(VARIABLE, "off");

  private WarmStart() {}

  /**
   * Makes it unless it is there, and returns what makes a server of the packaged program use it.
   */
  static Map<String, String> in(Path directory) throws IOException, InterruptedException {
    var classes = directory.resolve("classes");
    Tools.run(
        "env",
        VARIABLE + "=" + classes,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        Path.of("target", "vitrine.jar").toAbsolutePath().toString(),
        ClassCacheMaker.class.getName());
    return Map.of(VARIABLE, classes.toString());
  }
}
