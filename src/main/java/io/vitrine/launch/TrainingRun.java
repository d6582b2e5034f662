package io.vitrine.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The processes that make a {@link ClassCache} and try it. They get what nobody else wants of the
 * processors, none of this process' output and none of its environment's options.
 */
public record TrainingRun(ClassCache cache, String jar) {
  /** The program that is run: by name, as {@link Launcher} knows the one that serves. */
  public static final String PROGRAM = "io.vitrine.app.training.Training";

  /** The argument of a training that ends, without a result, when its standard input does. */
  public static final String ATTENDED = "attended";

  private static final Duration DEADLINE = Duration.ofMinutes(15);
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  /** Variables with further options of Java, which are not meant for a training. */
  private static final Set<String> OPTIONS =
      Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static final List<String> POLITELY = List.of("nice", "-n", "19");

  /** Whatever heap the server has: the training needs no more. */
  private static final String HEAP = "-Xmx512m";

  /** Makes the file; whether that worked. Blocks. */
  boolean make(Path file) throws IOException, InterruptedException {
    // Below the directory for temporary files, because PostgreSQL must be able to enter it.
    var directory = Files.createTempDirectory("vitrine-training");
    try {
      var command = java();
      command.addAll(List.of(HEAP, "-XX:AOTCacheOutput=" + file, "-cp", jar));
      command.addAll(List.of(PROGRAM, directory.toString(), ATTENDED));
      return succeeds(command);
    } finally {
      delete(directory);
    }
  }

  /** Whether Java can use the file. Blocks. */
  boolean isSound(Path file) throws IOException, InterruptedException {
    var command = java();
    command.addAll(List.of(HEAP, "-XX:AOTMode=on", "-XX:AOTCache=" + file));
    command.addAll(List.of("-XX:+VerifySharedSpaces", "-jar", jar, "--version"));
    return succeeds(command);
  }

  private List<String> java() {
    var command = new ArrayList<>(POLITELY);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(cache.options());
    return command;
  }

  private static boolean succeeds(List<String> command) throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("VITRINE_") || OPTIONS.contains(name));
    var process = builder.start();
    try {
      return process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
    } finally {
      end(process);
    }
  }

  /** Ends a run that takes too long or is given up. First it may stop its database itself. */
  private static void end(Process process) {
    if (process.isAlive()) {
      process.destroy();
      try {
        process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException | ExecutionException | TimeoutException busy) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }

  /** Deletes what a training leaves; a server that was killed may still be writing to it. */
  public static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (var files = Files.walk(tree)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
