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
 * Restarts this process with JVM options that can be set only on the command line: the one that
 * exits on an exhausted heap, the one that lets Netty use sun.misc.Unsafe without a warning, and
 * those of the {@link ClassCache}. A JVM without memory answers nobody and cannot even be stopped,
 * while one that exits is restarted by its supervisor.
 */
final class Restart {
  static final String EXIT_ON_OUT_OF_MEMORY = "-XX:+ExitOnOutOfMemoryError";
  static final String ALLOW_UNSAFE = "--sun-misc-unsafe-memory-access=allow";

  /**
   * The initial heap, which would otherwise be 1/64 of the machine's memory; it grows as needed.
   */
  private static final long INITIAL_HEAP = 32L << 20;

  private static final int TRIM_MILLIS = 60_000;

  private Restart() {}

  /**
   * Replaces the running program if an option is missing that is not already set either way.
   * Returns where that is not needed or impossible.
   */
  static void ifOptionsAreMissing() {
    try {
      var machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      if (machine == null) {
        return;
      }
      var options = missing(machine);
      if (!options.isEmpty()) {
        options.addAll(sparing(machine));
        exec(Path.of("/proc/self/exe").toRealPath(), withOptions(options, arguments()));
      }
    } catch (Exception | LinkageError notPossible) {
      // The process continues without the options.
    }
  }

  private static List<String> missing(HotSpotDiagnosticMXBean machine) {
    var options = new ArrayList<String>();
    if (isDefault(machine, "ExitOnOutOfMemoryError")) {
      options.add(EXIT_ON_OUT_OF_MEMORY);
    }
    var given = ManagementFactory.getRuntimeMXBean().getInputArguments();
    if (given.stream().noneMatch(option -> option.startsWith("--sun-misc-unsafe-memory-access="))) {
      options.add(ALLOW_UNSAFE);
    }
    if (isDefault(machine, "AOTCache")) {
      var cache = ClassCache.ofThisProcess(options);
      if (cache.isPresent() && cache.get().isUsable()) {
        options.addAll(cache.get().reading());
      }
    }
    return options;
  }

  /** Options that keep an idle process small; they alone are not worth a restart. */
  private static List<String> sparing(HotSpotDiagnosticMXBean machine) {
    var options = new ArrayList<String>();
    if (machine.getVMOption("InitialHeapSize").getOrigin() == VMOption.Origin.ERGONOMIC
        && Runtime.getRuntime().maxMemory() > 2 * INITIAL_HEAP) {
      options.add("-XX:InitialHeapSize=" + INITIAL_HEAP);
    }
    if (isDefault(machine, "TrimNativeHeapInterval")) {
      options.add("-XX:TrimNativeHeapInterval=" + TRIM_MILLIS);
    }
    return options;
  }

  private static boolean isDefault(HotSpotDiagnosticMXBean machine, String option) {
    try {
      return machine.getVMOption(option).getOrigin() == VMOption.Origin.DEFAULT;
    } catch (IllegalArgumentException unknown) {
      return false;
    }
  }

  private static List<String> arguments() throws Exception {
    var line = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1);
    return List.of(line.split("\0", -1)).subList(0, (int) line.chars().filter(c -> c == 0).count());
  }

  /** Puts the options first, so that any later one overrides them. */
  static List<String> withOptions(List<String> options, List<String> arguments) {
    var all = new ArrayList<>(arguments);
    all.addAll(1, options);
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
