package io.vitrine.format.differential;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How an image is made.
 *
 * @param seed which alone determines the recipe and all data
 * @param diskBytes the size of the raw disk that the commands find in the file "disk"
 * @param commands that make the file "image", run in an empty directory; "extra" has data to write
 * @param damage commands that spoil it, or none
 */
record Recipe(
    long seed,
    String diskFormat,
    long diskBytes,
    List<List<String>> commands,
    List<List<String>> damage) {
  static final String DISK = "disk";
  static final String EXTRA = "extra";
  static final String IMAGE = "image";

  /** The name that qemu has for the format. */
  String qemuFormat() {
    return diskFormat.equals("vhd") ? "vpc" : diskFormat;
  }

  boolean isRaw() {
    return diskFormat.equals("raw");
  }

  boolean isDamaged() {
    return !damage.isEmpty();
  }

  /** Whether qemu is killed while it has the image open. */
  boolean crashes() {
    return commands.stream().anyMatch(command -> command.containsAll(RandomWrites.DYING));
  }

  /** As commands of a shell. */
  @Override
  public String toString() {
    return "# seed %d: %s, a disk of %d bytes%n".formatted(seed, diskFormat, diskBytes)
        + Stream.concat(commands.stream(), damage.stream())
            .map(Recipe::quoted)
            .collect(Collectors.joining("\n"));
  }

  private static String quoted(List<String> command) {
    return command.stream()
        .map(word -> word.contains(" ") ? "'" + word + "'" : word)
        .collect(Collectors.joining(" "));
  }
}
