package io.vitrine.transfer.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Files opened with O_DIRECT (open(2) of Linux), which bypasses the page cache. Memory, positions
 * and lengths must be multiples of {@link #ALIGNMENT}.
 */
public final class DirectAccess {
  /** In bytes; suits the largest known pages and sectors. */
  public static final int ALIGNMENT = 4096;

  /** From the module jdk.unsupported, which a Java may lack and the compiler warns of. */
  private static final Optional<OpenOption> DIRECT = option();

  private DirectAccess() {}

  private static Optional<OpenOption> option() {
    try {
      var options = Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants();
      return Arrays.stream(options)
          .filter(option -> option.toString().equals("DIRECT"))
          .map(OpenOption.class::cast)
          .findAny();
    } catch (ClassNotFoundException absent) {
      return Optional.empty();
    }
  }

  /** Opens a file; empty if that is not supported. */
  public static Optional<FileChannel> open(Path file, OpenOption mode) {
    try {
      return DIRECT.isEmpty()
          ? Optional.empty()
          : Optional.of(FileChannel.open(file, mode, DIRECT.get()));
    } catch (IOException | UnsupportedOperationException unsupported) {
      return Optional.empty();
    }
  }
}
