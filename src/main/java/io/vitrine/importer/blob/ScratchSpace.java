package io.vitrine.importer.blob;

import io.vitrine.transfer.disk.MarkedDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * A directory for temporary files of tasks. One process locks it and empties it at startup, since
 * leftovers belong to a process that was killed.
 */
public final class ScratchSpace implements AutoCloseable {
  private static final String LOCK = "lock";

  private final MarkedDirectory root;
  private final Path directory;
  private final FileChannel lock;

  private ScratchSpace(MarkedDirectory root, FileChannel lock) {
    this.root = root;
    this.directory = root.path();
    this.lock = lock;
  }

  /**
   * Locks the directory and empties it. Blocks.
   *
   * @throws IllegalStateException when another process uses it
   */
  public static ScratchSpace open(Path directory) throws IOException {
    var root = MarkedDirectory.make(directory);
    var lock =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isLocked(lock)) {
      lock.close();
      throw new IllegalStateException(
          "import.scratch_dir %s is in use by another process; give each its own"
              .formatted(directory));
    }
    try (var entries = Files.list(directory)) {
      entries
          .filter(entry -> !entry.endsWith(LOCK) && !entry.endsWith(MarkedDirectory.MARK))
          .toList()
          .forEach(ScratchSpace::delete);
    }
    return new ScratchSpace(root, lock);
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException taken) {
      return false;
    }
  }

  /** Creates the directory of a task, or of a part of it with an id of its own, empty. Blocks. */
  public Path make(UUID task) throws IOException {
    root.require();
    remove(task);
    return Files.createDirectory(directory.resolve(task.toString()));
  }

  /** Removes such a directory with its contents. Blocks. */
  public void remove(UUID task) {
    delete(directory.resolve(task.toString()));
  }

  private static void delete(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try (var tree = Files.walk(root)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (var path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
