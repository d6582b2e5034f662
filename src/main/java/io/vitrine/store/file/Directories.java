package io.vitrine.store.file;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoreRoom;
import io.vitrine.store.kind.Founding;
import io.vitrine.transfer.disk.DiskSpace;
import io.vitrine.transfer.disk.MarkedDirectory;
import io.vitrine.transfer.disk.UnmountedException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories of a file store. Each is used only while it contains its mark. A directory of an
 * earlier version has no mark, and gets one if it contains data.
 */
final class Directories {
  private static final Logger log = LoggerFactory.getLogger(Directories.class);
  private static final Pattern FOLDER = Pattern.compile("\\p{XDigit}{2}");

  private final List<Root> all;
  private final long reserveBytes;

  /** A directory; higher priorities are filled first. */
  private record Root(MarkedDirectory directory, int priority) {
    Path path() {
      return directory.path();
    }
  }

  /** A directory and its free space. */
  private record Room(Path path, int priority, long bytes) {}

  private Directories(List<Root> all, long reserveBytes) {
    this.all = List.copyOf(all);
    this.reserveBytes = reserveBytes;
  }

  /** Creates new directories; other missing ones are skipped until they are mounted again. */
  static Directories of(String store, FileLayout layout, Founding founding) throws IOException {
    var directories =
        new Directories(
            layout.directories().stream()
                .map(each -> new Root(new MarkedDirectory(each.path()), each.priority()))
                .toList(),
            layout.reserveBytes());
    directories.open(store, founding);
    return directories;
  }

  private void open(String store, Founding founding) throws IOException {
    var missing = new ArrayList<MarkedDirectory>();
    var found = new ArrayList<MarkedDirectory>();
    for (var root : all) {
      (isHere(root.directory()) ? found : missing).add(root.directory());
    }
    for (var directory : missing) {
      boolean isKnown = found.stream().anyMatch(other -> other.knows(directory.path()));
      if (!isKnown && founding.isNew(!found.isEmpty())) {
        Files.createDirectories(directory.path());
        directory.mark();
      } else {
        log.atError()
            .addKeyValue("store", store)
            .addKeyValue("error", new UnmountedException(directory.path()).getMessage())
            .log("A directory of the store is not mounted");
      }
    }
    var paths = all.stream().map(Root::path).toList();
    for (var root : all) {
      if (all.size() > 1 && root.directory().isMarked() && Files.isWritable(root.path())) {
        root.directory().join(paths);
      }
    }
  }

  /** Recognises a directory by its data, unless it has had a mark before. */
  private static boolean isHere(MarkedDirectory directory) throws IOException {
    if (directory.isMarked()) {
      return true;
    }
    if (directory.wasMarked() || !hasData(directory.path())) {
      return false;
    }
    if (Files.isWritable(directory.path())) {
      directory.mark();
    }
    return true;
  }

  private static boolean hasData(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.anyMatch(entry -> FOLDER.matcher(entry.getFileName().toString()).matches());
    } catch (NoSuchFileException | NotDirectoryException absent) {
      return false;
    }
  }

  List<Path> paths() {
    return all.stream().map(Root::path).toList();
  }

  /** Fails unless all directories are present. */
  void require() throws IOException {
    for (var root : all) {
      if (!isHere(root.directory())) {
        throw new UnmountedException(root.path());
      }
    }
  }

  /** The room in all directories together; several on one file system share its room. */
  StoreRoom room(DiskSpace space) throws IOException {
    var counted = new HashSet<FileStore>();
    long free = 0;
    long total = 0;
    for (var path : paths()) {
      var files = Files.getFileStore(path);
      if (counted.add(files)) {
        free += Math.max(0, space.freeBytes(path) - reserveBytes);
        total += files.getTotalSpace();
      }
    }
    return new StoreRoom(free, total);
  }

  /**
   * The directory for a new blob: the one with the highest priority that has room, among equals the
   * one with the most room.
   */
  Path choose(OptionalLong expectedBytes, DiskSpace space) throws IOException {
    if (all.size() == 1 && reserveBytes == 0) {
      return all.getFirst().path();
    }
    var rooms = new ArrayList<Room>();
    for (var root : all) {
      long free = space.freeBytes(root.path()) - reserveBytes;
      if (free > 0 && free >= expectedBytes.orElse(0)) {
        rooms.add(new Room(root.path(), root.priority(), free));
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

  /** The file of a blob, in whichever directory it is. */
  Optional<Path> find(BlobRef blob, String suffix) {
    return all.stream()
        .map(root -> root.path().resolve(blob.path() + suffix))
        .filter(Files::exists)
        .findFirst();
  }

  /** The directory that has the file of a blob under one of its names. */
  Optional<Path> holding(BlobRef blob, String... suffixes) {
    return all.stream()
        .map(Root::path)
        .filter(
            root ->
                Arrays.stream(suffixes)
                    .anyMatch(suffix -> Files.exists(root.resolve(blob.path() + suffix))))
        .findFirst();
  }
}
