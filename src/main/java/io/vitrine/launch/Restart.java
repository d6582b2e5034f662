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
 * Starts this same process again with the option that ends it once the heap is exhausted, which
 * only the command line can give: a Java that goes on without memory answers nobody and cannot even
 * be told to stop, while one that ended is started again.
 */
final class Restart {
  static final String EXIT_ON_OUT_OF_MEMORY = "-XX:+ExitOnOutOfMemoryError";

  private Restart() {}

  /**
   * Replaces the running program, unless the option is set one way or the other. Comes back where
   * that is not possible.
   */
  static void unlessExitsOnOutOfMemory() {
    try {
      var options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      if (options != null
          && options.getVMOption("ExitOnOutOfMemoryError").getOrigin() == VMOption.Origin.DEFAULT) {
        exec(Path.of("/proc/self/exe").toRealPath(), withOption(arguments()));
      }
    } catch (Exception | LinkageError notPossible) {
      // Then it runs as it was started.
    }
  }

  private static List<String> arguments() throws Exception {
    var line = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1);
    return List.of(line.split("\0", -1)).subList(0, (int) line.chars().filter(c -> c == 0).count());
  }

  /** The option stands first, so that every other may still be against it. */
  static List<String> withOption(List<String> arguments) {
    var all = new ArrayList<>(arguments);
    all.add(1, EXIT_ON_OUT_OF_MEMORY);
    return all;
  }

  /** By name, because the Java that this class is compiled for has no calls of native functions. */
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
