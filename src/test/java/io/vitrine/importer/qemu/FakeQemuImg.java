package io.vitrine.importer.qemu;

import io.vitrine.importer.TestingImages;
import io.vitrine.importer.engine.ConversionLimits;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A shell script in the place of qemu-img, which is started in the sandbox as that is. */
final class FakeQemuImg {
  private static final Sandbox SANDBOX = Sandbox.ofThisMachine();

  private final Path program;

  private FakeQemuImg(Path program) {
    this.program = program;
  }

  /** Runs one script to check and another to convert to the file $target. */
  static FakeQemuImg in(Path directory, String check, String convert) throws IOException {
    var script =
        """
        #!/bin/sh
        echo "$@" >> %1$s/calls
        echo $$ > %1$s/new && /bin/mv %1$s/new %1$s/pid
        for target; do :; done
        case $1 in
          check) %2$s ;;
          convert) %3$s ;;
        esac
        """
            .formatted(directory, check, convert);
    var program = Files.writeString(directory.resolve("qemu-img"), script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new FakeQemuImg(program);
  }

  /** One that stops where it is and never ends by itself. */
  static FakeQemuImg frozen(Path directory) throws IOException {
    return in(directory, "", "echo begun > $target; kill -STOP $$");
  }

  Path program() {
    return program;
  }

  QemuImg converter(ConversionLimits limits) {
    return new QemuImg(program.toString(), SANDBOX, limits);
  }

  QemuImg converter() {
    return converter(TestingImages.LIMITS);
  }

  /** The arguments of its processes so far. */
  List<String> calls() throws IOException {
    return Files.readAllLines(program.resolveSibling("calls"));
  }

  /** Its last process, once there is one. */
  long pid() {
    var file = program.resolveSibling("pid");
    TestingConditions.await(() -> Files.exists(file), there -> there);
    try {
      return Long.parseLong(Files.readString(file).strip());
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Whether the process has ended; one that nobody has waited for yet counts as ended. */
  static boolean isGone(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .anyMatch(line -> line.startsWith("State:\tZ") || line.startsWith("State:\tX"));
    } catch (IOException gone) {
      return true;
    }
  }
}
