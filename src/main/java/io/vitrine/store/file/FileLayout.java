package io.vitrine.store.file;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The layout of a file store.
 *
 * @param directories at least one
 * @param reserveBytes the space to leave free in each directory
 * @param permissions the permissions of files; empty: those of the umask
 * @param isThin whether zeros become holes
 * @param directIo whether flushed data bypasses the page cache
 * @param isFlushed whether a commit waits until the data is on disk
 * @param isShared whether all nodes share the directories
 */
public record FileLayout(
    List<Directory> directories,
    long reserveBytes,
    Optional<Set<PosixFilePermission>> permissions,
    boolean isThin,
    DirectIo directIo,
    boolean isFlushed,
    boolean isShared) {

  /** A directory; higher priorities are filled first. */
  public record Directory(Path path, int priority) {}

  /** Copies the directories. */
  public FileLayout {
    directories = List.copyOf(directories);
  }

  /** Whether data may bypass the page cache, considering all settings. */
  boolean writesDirectly() {
    return directIo != DirectIo.FALSE && isFlushed && !isThin;
  }

  /** One directory for this node alone. */
  public static FileLayout of(Path directory, boolean isFlushed) {
    return new FileLayout(
        List.of(new Directory(directory, 0)),
        0,
        Optional.empty(),
        false,
        DirectIo.AUTO,
        isFlushed,
        false);
  }
}
