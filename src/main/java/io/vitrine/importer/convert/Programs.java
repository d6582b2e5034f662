package io.vitrine.importer.convert;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds programs: those that run without an environment have no path to search. */
final class Programs {
  private Programs() {}

  /** The file of the named program, or of the one that the path names. */
  static Optional<Path> find(String program) {
    var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    var usual = Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin");
    return Stream.concat(Arrays.stream(path.split(File.pathSeparator, -1)), usual)
        .filter(directory -> directory.startsWith("/"))
        .map(directory -> Path.of(directory).resolve(program))
        .filter(Files::isRegularFile)
        .filter(Files::isExecutable)
        .findFirst();
  }
}
