package io.vitrine.transfer.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Files past the system's cache (open(2) of Linux, O_DIRECT). Memory, positions and lengths must be
 * multiples of {@link #ALIGNMENT}.
 */
public final class DirectAccess {
  /** As the largest pages and sectors ask for that disks are known to have, in bytes. */
  public static final int ALIGNMENT = 4096;

  /** Of the module jdk.unsupported, which a Java may lack and which the compiler warns of. */
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

  /** Opens a file in a mode; empty where that cannot be done. */
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
