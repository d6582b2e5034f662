package io.vitrine.store;

import io.vitrine.image.BlobRef;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The directories of a store of files.
 *
 * @param reserveBytes what is left free in each
 */
record Directories(List<FileLayout.Directory> all, long reserveBytes) {
  /** A directory with room, and how much. */
  private record Room(Path path, int priority, long bytes) {}

  /** Makes those that do not exist. */
  static Directories of(FileLayout layout) throws IOException {
    for (var directory : layout.directories()) {
      Files.createDirectories(directory.path());
    }
    return new Directories(layout.directories(), layout.reserveBytes());
  }

  /**
   * Where a blob is to go: to the directory with the largest priority that has room for it, and
   * among equals to the one with the most.
   */
  Path choose(OptionalLong expectedBytes) throws IOException {
    if (all.size() == 1 && reserveBytes == 0) {
      return all.getFirst().path();
    }
    var rooms = new ArrayList<Room>();
    for (var directory : all) {
      long free = Files.getFileStore(directory.path()).getUsableSpace() - reserveBytes;
      if (free > 0 && free >= expectedBytes.orElse(0)) {
        rooms.add(new Room(directory.path(), directory.priority(), free));
      }
    }
    return rooms.stream()
        .max(Comparator.comparingInt(Room::priority).thenComparingLong(Room::bytes))
        .map(Room::path)
        .orElseThrow(
            () ->
                new FileSystemException(
                    all.getFirst().path().toString(), null, "No space left in any directory"));
  }

  /** The file with a blob's bytes, in whichever directory it is. */
  Optional<Path> find(BlobRef blob, String suffix) {
    return all.stream()
        .map(directory -> directory.path().resolve(blob.path() + suffix))
        .filter(Files::exists)
        .findFirst();
  }
}
