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
 * A directory that is recognized by a mark in it. Where a file system is not mounted, its mount
 * point is an empty directory or none at all; neither has the mark, so nobody takes it for the
 * directory and writes to the wrong disk. The mark is a directory, so that whoever looks at the
 * files here does not meet it. All methods block.
 */
public final class MarkedDirectory {
  /** The name of the mark. An operator makes it to have an empty directory used. */
  public static final String MARK = ".vitrine";

  private final Path path;
  private final Path mark;
  private volatile boolean wasMarked;

  /** A directory that may not be there now. */
  public MarkedDirectory(Path path) {
    this.path = path;
    this.mark = path.resolve(MARK);
  }

  /** Makes a directory, if it does not exist, and marks it. */
  public static MarkedDirectory make(Path path) throws IOException {
    Files.createDirectories(path);
    var made = new MarkedDirectory(path);
    made.mark();
    return made;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Whether the mark is there now. */
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

  /** Whether the mark has been seen since this object was made. */
  public boolean wasMarked() {
    return wasMarked;
  }

  /** Marks the directory, which exists. */
  public void mark() throws IOException {
    create(mark);
    wasMarked = true;
  }

  /** Notes in the mark that other directories belong to this one. */
  public void join(Collection<Path> others) throws IOException {
    for (var other : others) {
      create(note(other));
    }
  }

  /** Whether another directory was noted to belong to this one. */
  public boolean knows(Path other) {
    return Files.isDirectory(note(other));
  }

  /** Fails unless the mark is there. */
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
      // Another process may just have been quicker.
    }
  }
}
