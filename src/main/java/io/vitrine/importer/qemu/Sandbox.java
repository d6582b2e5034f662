package io.vitrine.importer.qemu;

import io.vitrine.importer.engine.ConversionLimits;
import io.vitrine.importer.transform.Isolation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Isolates a program that reads users' data: no network, privileges or environment, limits on
 * resources, and death with the thread that started it. The tools of util-linux set this up; each
 * replaces itself by the next with exec, so the process started is the program itself. Protections
 * that the machine does not support are skipped and listed as missing.
 */
public final class Sandbox {
  /**
   * One arena, since the address space that glibc reserves for each thread counts as memory used.
   */
  private static final Map<String, String> ENVIRONMENT =
      Map.of("LC_ALL", "C", "MALLOC_ARENA_MAX", "1");

  /**
   * Enough for the converter, its terminal and one or two files; only a leak or an attack needs
   * more.
   */
  private static final int OPEN_FILES = 64;

  /** Reserved stacks count as memory used, and the default is 8 MiB a thread. */
  private static final int STACK_BYTES = 1 << 20;

  /**
   * Each protection with the commands that provide it, best first. The death signal comes after
   * user namespaces, which reset it; the limits come last, to spare the other tools.
   */
  private static final List<Protection> PROTECTIONS =
      List.of(
          new Protection(
              "no network",
              List.of(
                  List.of("unshare", "--net"),
                  List.of("unshare", "--user", "--map-current-user", "--net"),
                  List.of("unshare", "--user", "--map-root-user", "--net"))),
          new Protection(
              "no privileges",
              List.of(
                  List.of("setpriv", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"),
                  List.of("setpriv", "--no-new-privs"))),
          new Protection(
              "death with the parent", List.of(List.of("setpriv", "--pdeathsig", "KILL"))),
          new Protection("limits", List.of(List.of("prlimit", "--core=0"))));

  private final List<String> prefix;
  private final List<String> missing;

  private Sandbox(List<String> prefix, List<String> missing) {
    this.prefix = List.copyOf(prefix);
    this.missing = List.copyOf(missing);
  }

  /** The machine does not change while the process runs. */
  private static final class ThisMachine {
    private static final Sandbox SANDBOX = probe();
  }

  /** The sandbox of this machine. The first call blocks for some tens of milliseconds. */
  public static Sandbox ofThisMachine() {
    return ThisMachine.SANDBOX;
  }

  /** Finds out which protections the machine supports. Blocks for some tens of milliseconds. */
  private static Sandbox probe() {
    var prefix = new ArrayList<String>();
    var missing = new ArrayList<String>();
    for (var protection : PROTECTIONS) {
      protection.ways().stream()
          .map(Sandbox::withFullPath)
          .filter(way -> works(prefix, way))
          .findFirst()
          .ifPresentOrElse(prefix::addAll, () -> missing.add(protection.name()));
    }
    return new Sandbox(prefix, missing);
  }

  /** The unsupported protections, for a warning at startup. */
  public List<String> missing() {
    return missing;
  }

  /** Which protections a program has in it. */
  public Isolation isolationOf(String program) {
    var protections = new LinkedHashMap<String, Boolean>();
    PROTECTIONS.forEach(each -> protections.put(each.name(), !missing.contains(each.name())));
    return new Isolation(program, protections);
  }

  /**
   * A builder of a process in the directory, with output and errors in one stream. The process dies
   * with the thread that starts it: a platform thread must start it and wait for it.
   */
  ProcessBuilder process(List<String> program, Path directory, ConversionLimits limits) {
    var command = new ArrayList<>(prefix);
    if (!missing.contains("limits")) {
      command.addAll(prlimitOptions(limits));
    }
    command.addAll(program);
    return builder(command).directory(directory.toFile());
  }

  /** The soft limit of CPU time sends a signal that names the reason; the hard one kills. */
  private static List<String> prlimitOptions(ConversionLimits limits) {
    long seconds = limits.cpuLimit().toSeconds();
    return List.of(
        "--as=" + limits.memoryLimit().bytes(),
        "--cpu=" + seconds + ":" + (seconds + 5),
        "--fsize=" + limits.outputLimit().bytes(),
        "--nofile=" + OPEN_FILES,
        "--stack=" + STACK_BYTES);
  }

  private static ProcessBuilder builder(List<String> command) {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(new File("/dev/null"));
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    return builder;
  }

  private static boolean works(List<String> prefix, List<String> way) {
    var command = new ArrayList<>(prefix);
    command.addAll(way);
    command.addAll(withFullPath(List.of("true")));
    try {
      var process = builder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      boolean ended = process.waitFor(5, TimeUnit.SECONDS);
      process.destroyForcibly();
      return ended && process.exitValue() == 0;
    } catch (IOException notThere) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<String> withFullPath(List<String> command) {
    var result = new ArrayList<>(command);
    Programs.find(command.getFirst()).ifPresent(path -> result.set(0, path.toString()));
    return result;
  }

  private record Protection(String name, List<List<String>> ways) {}
}
