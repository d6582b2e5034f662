package io.vitrine.launch;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Restarts this process with the JVM option that exits on an exhausted heap, which can be set only
 * on the command line. A JVM without memory answers nobody and cannot even be stopped, while one
 * that exits is restarted by its supervisor.
 */
final class Restart {
  static final String EXIT_ON_OUT_OF_MEMORY = "-XX:+ExitOnOutOfMemoryError";

  private Restart() {}

  /**
   * Replaces the running program, unless the option is already set either way. Returns where that
   * is impossible.
   */
  static void unlessExitsOnOutOfMemory() {
    try {
      var options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      if (options != null
          && options.getVMOption("ExitOnOutOfMemoryError").getOrigin() == VMOption.Origin.DEFAULT) {
        exec(Path.of("/proc/self/exe").toRealPath(), withOption(arguments()));
      }
    } catch (Exception | LinkageError notPossible) {
      // The process continues without the option.
    }
  }

  private static List<String> arguments() throws Exception {
    var line = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1);
    return List.of(line.split("\0", -1)).subList(0, (int) line.chars().filter(c -> c == 0).count());
  }

  /** Puts the option first, so that any later one overrides it. */
  static List<String> withOption(List<String> arguments) {
    var all = new ArrayList<>(arguments);
    all.add(1, EXIT_ON_OUT_OF_MEMORY);
    return all;
  }

  /** By reflection, because this class is compiled for a Java without the foreign function API. */
  private static void exec(Path program, List<String> arguments) throws Exception {
    try {
      Class.forName("io.vitrine.app.Exec")
          .getMethod("replace", String.class, List.class)
          .invoke(null, program.toString(), arguments);
    } catch (InvocationTargetException failure) {
      throw failure.getCause() instanceof Exception cause ? cause : failure;
    }
  }
}
