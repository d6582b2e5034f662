package io.vitrine.cli.disk;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.UUID;

/**
 * A file that is written under a temporary name beside its destination, and moved there when it is
 * complete. Closing it before that deletes it.
 */
final class StagedFile implements AutoCloseable {
  private final Path destination;
  private final boolean isReplacing;
  private final Path temporary;

  private StagedFile(Path destination, boolean isReplacing, Path temporary) {
    this.destination = destination;
    this.isReplacing = isReplacing;
    this.temporary = temporary;
  }

  /**
   * Creates an empty file beside the destination.
   *
   * @param isReplacing whether the destination may be a file that exists
   * @throws FileAlreadyExistsException if the destination must not be replaced
   */
  static StagedFile beside(Path destination, boolean isReplacing) throws IOException {
    requireFree(destination, isReplacing);
    var directory = Objects.requireNonNull(destination.toAbsolutePath().getParent());
    if (!Files.isDirectory(directory)) {
      throw new NoSuchFileException(directory.toString());
    }
    var temporary = directory.resolve(".vitrine-%s.part".formatted(UUID.randomUUID()));
    return new StagedFile(destination, isReplacing, Files.createFile(temporary));
  }

  /** Devices and links are not replaced: the name would lead to something else afterwards. */
  private static void requireFree(Path destination, boolean isReplacing) throws IOException {
    boolean isFile = Files.isRegularFile(destination, LinkOption.NOFOLLOW_LINKS);
    if ((isFile && isReplacing) || !Files.exists(destination, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    throw new FileAlreadyExistsException(
        destination.toString(),
        null,
        isFile ? "exists; --force replaces it" : "exists and is not a regular file");
  }

  /** Where to write. */
  Path path() {
    return temporary;
  }

  /** Moves the complete file to its destination, in one step, unless the latter has appeared. */
  void commit() throws IOException {
    requireFree(destination, isReplacing);
    Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(temporary);
  }
}
