package io.vitrine.format.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands in a directory. */
record Commands(Path directory) {
  private static final int TIMEOUT_SECONDS = 120;

  /** How a command ended: its exit status, and what it wrote. */
  record Result(int status, String output) {
    boolean isSuccess() {
      return status == 0;
    }
  }

  /** Runs one to its end. */
  Result run(String... command) throws IOException, InterruptedException {
    return run(List.of(command));
  }

  /** Runs one to its end. */
  Result run(List<String> command) throws IOException, InterruptedException {
    var log = directory.resolve("log");
    var process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(command + " did not end");
      }
      return new Result(process.exitValue(), Files.readString(log));
    } finally {
      process.destroyForcibly();
    }
  }

  /** Runs one that must succeed; what it wrote. */
  String require(String... command) throws IOException, InterruptedException {
    return require(List.of(command));
  }

  /** Runs one that must succeed; what it wrote. */
  String require(List<String> command) throws IOException, InterruptedException {
    var result = run(command);
    if (!result.isSuccess()) {
      throw new AssertionError(
          "%s ended with %d: %s".formatted(command, result.status(), result.output()));
    }
    return result.output();
  }
}
