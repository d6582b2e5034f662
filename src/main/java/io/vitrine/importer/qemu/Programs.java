package io.vitrine.importer.qemu;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds executables here, because programs started without an environment have no search path. */
final class Programs {
  private Programs() {}

  /** The executable of this name or path; empty if there is none. */
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
