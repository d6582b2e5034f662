package io.vitrine.store.file;

import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.StoreRoom;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.blob.BlobWriter;
import io.vitrine.store.blob.ResumableWriter;
import io.vitrine.store.kind.Founding;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.disk.DiskSpace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Blobs as files in one or more directories: {@code <first two digits of the id>/<id>}, with the
 * suffix {@code .part} until committed. While a directory is absent, nobody can tell which blobs
 * are missing, so every question fails that the other directories cannot answer.
 */
public final class FileBlobStore implements BlobStore {
  private static final String PART = ".part";

  /** The path of a file below its directory. */
  private static final Pattern NAME =
      Pattern.compile("(..)/(\\1\\p{XDigit}{6}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12})(\\.part)?");

  private static final int FLUSH_THREADS = 4;

  private final String id;
  private final FileLayout layout;
  private final DiskSpace space;
  private final Directories directories;
  private final ExecutorService flushers =
      Executors.newFixedThreadPool(
          FLUSH_THREADS, Thread.ofPlatform().name("store-flush-", 0).daemon().factory());
  private final FileBlobWriter.Means means;

  /** A store in directories that are created if they do not exist. */
  public FileBlobStore(String id, FileLayout layout) throws IOException {
    this(id, layout, Founding.ALWAYS, new DiskSpace());
  }

  /**
   * A store in directories; a missing one is created if it is new.
   *
   * @param space shared by all writers to the same file systems
   */
  public FileBlobStore(String id, FileLayout layout, Founding founding, DiskSpace space)
      throws IOException {
    this.id = id;
    this.space = space;
    this.layout = layout;
    this.directories = Directories.of(id, layout, founding);
    this.means =
        new FileBlobWriter.Means(
            layout, flushers, new DirectBlocks(), CacheRoom.ofMemory(), directories::require);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public BlobWriter begin(BlobRef blob, OptionalLong expectedBytes) throws IOException {
    directories.require();
    var other = directories.find(blob, PART);
    if (other.isPresent()) {
      throw new FileAlreadyExistsException(other.get().toString());
    }
    return inNewFile(blob, expectedBytes, FileBlobWriter::begin);
  }

  /** Opens a writer to a file. */
  private interface Opening<W> {
    W open(FileBlobWriter.Placement target, FileBlobWriter.Means means) throws IOException;
  }

  private <W> W inNewFile(BlobRef blob, OptionalLong expectedBytes, Opening<W> opening)
      throws IOException {
    var directory = directories.choose(expectedBytes, space);
    makeFolder(directory, Objects.requireNonNull(directory.resolve(blob.path()).getParent()));
    return open(directory, blob, expectedBytes, opening);
  }

  private <W> W open(Path directory, BlobRef blob, OptionalLong bytesToCome, Opening<W> opening)
      throws IOException {
    // The size is unknown if zeros become holes.
    var length = layout.isThin() ? OptionalLong.empty() : bytesToCome;
    var room = space.claim(directory, layout.reserveBytes(), length);
    try {
      var file = directory.resolve(blob.path());
      var part = directory.resolve(blob.path() + PART);
      return opening.open(new FileBlobWriter.Placement(file, part, room), means);
    } catch (IOException | RuntimeException failure) {
      room.close();
      throw failure;
    }
  }

  @Override
  public ResumableWriter resume(
      BlobRef blob, Message.Resumption resumption, OptionalLong expectedBytes) throws IOException {
    directories.require();
    if (resumption.turn() == 1) {
      return inNewFile(blob, expectedBytes, KeptFileWriter::begin);
    }
    var directory =
        directories
            .holding(blob, PART, "")
            .orElseThrow(
                () -> unavailable("This node does not have the data of the upload; try again."));
    long offset = resumption.offset();
    var bytesToCome =
        expectedBytes.isPresent()
            ? OptionalLong.of(expectedBytes.getAsLong() - offset)
            : expectedBytes;
    return open(
        directory,
        blob,
        bytesToCome,
        (target, shared) -> KeptFileWriter.resume(target, offset, shared));
  }

  @Override
  public Optional<BlobReader> open(BlobRef blob) throws IOException {
    for (var directory : directories.paths()) {
      var reader = open(directory.resolve(blob.path()));
      if (reader.isPresent()) {
        return reader;
      }
    }
    directories.require();
    return Optional.empty();
  }

  /** Only a missing file means a missing blob; any other failure to open it is a fault. */
  private static Optional<BlobReader> open(Path file) throws IOException {
    try {
      return Optional.of(new FileBlobReader(FileChannel.open(file, StandardOpenOption.READ)));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<Path> file(BlobRef blob) {
    return directories.find(blob, "").filter(Files::isRegularFile);
  }

  @Override
  public boolean delete(BlobRef blob) throws IOException {
    directories.require();
    boolean found = false;
    for (var directory : directories.paths()) {
      var file = directory.resolve(blob.path());
      boolean hadPart = Files.deleteIfExists(directory.resolve(blob.path() + PART));
      found |= Files.deleteIfExists(file) || hadPart;
    }
    return found;
  }

  @Override
  public void visit(Consumer<Entry> visitor) throws IOException {
    directories.require();
    for (var directory : directories.paths()) {
      visit(directory, visitor);
    }
  }

  private static void visit(Path directory, Consumer<Entry> visitor) throws IOException {
    try (var files = Files.walk(directory, 2)) {
      files.flatMap(file -> entry(directory, file).stream()).forEach(visitor);
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  /** Empty if the file vanishes meanwhile. */
  private static Optional<Entry> entry(Path directory, Path file) {
    var name = NAME.matcher(directory.relativize(file).toString());
    if (!name.matches()) {
      return Optional.empty();
    }
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new Entry(
              UUID.fromString(name.group(2)),
              attributes.size(),
              name.group(4) == null,
              attributes.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public boolean isDirect() {
    return layout.writesDirectly();
  }

  @Override
  public boolean isShared() {
    return layout.isShared();
  }

  /** Checks that data can be read; a directory may deliberately be read-only. */
  @Override
  public void check() throws IOException {
    directories.require();
    for (var path : directories.paths()) {
      if (!Files.isReadable(path)) {
        throw new AccessDeniedException(path.toString());
      }
    }
  }

  @Override
  public Optional<StoreRoom> room() throws IOException {
    return Optional.of(directories.room(space));
  }

  @Override
  public void close() {
    flushers.shutdown();
  }

  /** Flushes the parent of a new folder, so that its first blob cannot vanish with it. */
  private void makeFolder(Path directory, Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      try {
        Files.createDirectory(folder);
      } catch (FileAlreadyExistsException already) {
        // Another writer has just created the folder.
      }
      if (layout.isFlushed()) {
        FileBlobWriter.flushDirectory(directory);
      }
    }
  }
}
