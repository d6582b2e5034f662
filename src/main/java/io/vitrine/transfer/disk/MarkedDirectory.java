package io.vitrine.transfer.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.UUID;

/**
 * A directory that is recognised by a mark in it. If a file system is not mounted, its mount point
 * is empty or absent; without the mark, nothing is written to the wrong disk. The mark is a
 * directory, so that code which visits files skips it. All methods block.
 */
public final class MarkedDirectory {
  /** The name of the mark. An operator creates it to approve an empty directory. */
  public static final String MARK = ".vitrine";

  private final Path path;
  private final Path mark;
  private volatile boolean wasMarked;

  /** A directory that may be absent now. */
  public MarkedDirectory(Path path) {
    this.path = path;
    this.mark = path.resolve(MARK);
  }

  /** Creates a directory if it does not exist, and marks it. */
  public static MarkedDirectory make(Path path) throws IOException {
    Files.createDirectories(path);
    var made = new MarkedDirectory(path);
    made.mark();
    return made;
  }

  /** The path of the directory, whether present or not. */
  public Path path() {
    return path;
  }

  /** Whether the mark is present now. */
  public boolean isMarked() throws IOException {
    try {
      Files.readAttributes(mark, BasicFileAttributes.class);
      wasMarked = true;
      return true;
    } catch (FileSystemException failure) {
      if (failure instanceof NoSuchFileException || !Files.isDirectory(path)) {
        return false;
      }
      throw failure;
    }
  }

  /** Whether the mark has been seen since this object was created. */
  public boolean wasMarked() {
    return wasMarked;
  }

  /** Marks the existing directory. */
  public void mark() throws IOException {
    create(mark);
    wasMarked = true;
  }

  /** Records in the mark that other directories belong with this one. */
  public void join(Collection<Path> others) throws IOException {
    for (var other : others) {
      create(note(other));
    }
  }

  /** Whether the mark records that another directory belongs with this one. */
  public boolean knows(Path other) {
    return Files.isDirectory(note(other));
  }

  /** Fails unless the mark is present. */
  public void require() throws UnmountedException, IOException {
    if (!isMarked()) {
      throw new UnmountedException(path);
    }
  }

  private Path note(Path other) {
    var name = other.toAbsolutePath().normalize().toString();
    return mark.resolve(UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString());
  }

  private static void create(Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException already) {
      // Another process may have just created it.
    }
  }
}
