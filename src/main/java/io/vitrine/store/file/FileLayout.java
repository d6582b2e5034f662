package io.vitrine.store.file;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a store keeps files.
 *
 * @param directories at least one
 * @param reserveBytes what is left free in each of them
 * @param permissions of the files; empty: what the process gives to new ones
 * @param isThin whether zeros become holes
 * @param isDirect whether what is flushed is written past the system's cache, where that can be
 *     done
 * @param isFlushed whether a commit waits until the disk has the data
 * @param isShared whether the directories are the same ones on every node
 */
public record FileLayout(
    List<Directory> directories,
    long reserveBytes,
    Optional<Set<PosixFilePermission>> permissions,
    boolean isThin,
    boolean isDirect,
    boolean isFlushed,
    boolean isShared) {

  /** A directory; those with a larger priority are filled first. */
  public record Directory(Path path, int priority) {}

  /** Copies the directories. */
  public FileLayout {
    directories = List.copyOf(directories);
  }

  /** Whether data is written past the system's cache, all other settings considered. */
  boolean writesDirectly() {
    return isDirect && isFlushed && !isThin;
  }

  /** One directory for this node alone. */
  public static FileLayout of(Path directory, boolean isFlushed) {
    return new FileLayout(
        List.of(new Directory(directory, 0)), 0, Optional.empty(), false, true, isFlushed, false);
  }
}
