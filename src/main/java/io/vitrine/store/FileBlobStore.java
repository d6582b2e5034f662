package io.vitrine.store;

import io.vitrine.image.BlobRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs as files: {@code <first two digits of the id>/<id>}, with the suffix {@code .part} until
 * committed. A commit flushes the file, renames it, and flushes the directory. What a commit has to
 * flush is little, because the disk gets to work while data still arrives.
 */
public final class FileBlobStore implements BlobStore {
  private static final Logger log = LoggerFactory.getLogger(FileBlobStore.class);
  private static final String PART = ".part";
  private static final Pattern NAME =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}(\\.part)?");
  private static final int FLUSH_THREADS = 4;
  private static final long EARLY_FLUSH_BYTES = 32 << 20;

  private final String id;
  private final Path directory;
  private final boolean isFlushed;
  private final boolean isShared;
  private final Executor flushers =
      Executors.newFixedThreadPool(
          FLUSH_THREADS, Thread.ofPlatform().name("store-flush-", 0).daemon().factory());

  /**
   * A store in a directory, which is made if it does not exist.
   *
   * @param isFlushed whether a commit waits until the disk has the data
   * @param isShared whether the directory is the same one on every node
   */
  public FileBlobStore(String id, Path directory, boolean isFlushed, boolean isShared)
      throws IOException {
    this.id = id;
    this.isShared = isShared;
    this.directory = Files.createDirectories(directory);
    this.isFlushed = isFlushed;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public BlobWriter begin(BlobRef blob, OptionalLong expectedBytes) throws IOException {
    makeFolder(folder(blob));
    var part = part(blob);
    var channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new FileBlobWriter(folder(blob), path(blob), part, channel);
  }

  @Override
  public Optional<BlobReader> open(BlobRef blob) throws IOException {
    try {
      return Optional.of(new FileBlobReader(FileChannel.open(path(blob), StandardOpenOption.READ)));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<Path> file(BlobRef blob) {
    return Optional.of(path(blob)).filter(Files::isRegularFile);
  }

  @Override
  public boolean delete(BlobRef blob) throws IOException {
    boolean hadPart = Files.deleteIfExists(part(blob));
    return Files.deleteIfExists(path(blob)) || hadPart;
  }

  @Override
  public void visit(Consumer<Kept> visitor) throws IOException {
    try (var files = Files.walk(directory, 2)) {
      files
          .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .flatMap(file -> kept(file).stream())
          .forEach(visitor);
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  /** A file that vanishes meanwhile is no longer here. */
  private static Optional<Kept> kept(Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      var name = file.getFileName().toString();
      boolean isCommitted = !name.endsWith(PART);
      var blob =
          UUID.fromString(isCommitted ? name : name.substring(0, name.length() - PART.length()));
      return Optional.of(
          new Kept(
              blob, attributes.size(), isCommitted, attributes.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public boolean isShared() {
    return isShared;
  }

  @Override
  public void check() throws IOException {
    if (!Files.isWritable(directory)) {
      throw new AccessDeniedException(directory.toString());
    }
  }

  /** The first blob of a new folder must not vanish with it. */
  private void makeFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      if (isFlushed) {
        flushDirectory(directory);
      }
    }
  }

  private static void flushDirectory(Path directory) throws IOException {
    try (var entry = FileChannel.open(directory, StandardOpenOption.READ)) {
      entry.force(true);
    }
  }

  private Path folder(BlobRef blob) {
    return Objects.requireNonNull(path(blob).getParent());
  }

  private Path path(BlobRef blob) {
    return directory.resolve(blob.path());
  }

  private Path part(BlobRef blob) {
    return folder(blob).resolve(blob.id() + PART);
  }

  private final class FileBlobWriter implements BlobWriter {
    private final Path folder;
    private final Path file;
    private final Path part;
    private final FileChannel channel;
    private CompletableFuture<Void> flushing = CompletableFuture.completedFuture(null);
    private long unflushedBytes;

    FileBlobWriter(Path folder, Path file, Path part, FileChannel channel) {
      this.folder = folder;
      this.file = file;
      this.part = part;
      this.channel = channel;
    }

    @Override
    public void write(ByteBuffer... data) throws IOException {
      for (long left = Arrays.stream(data).mapToLong(ByteBuffer::remaining).sum(); left > 0; ) {
        long written = channel.write(data);
        unflushedBytes += written;
        left -= written;
      }
      if (isFlushed && unflushedBytes >= EARLY_FLUSH_BYTES && flushing.isDone()) {
        awaitFlushing();
        unflushedBytes = 0;
        flushing = CompletableFuture.runAsync(this::flush, flushers);
      }
    }

    private void flush() {
      try {
        channel.force(false);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    /** Linux reports a failure to write back only once, so an early one must not be lost. */
    private void awaitFlushing() throws IOException {
      try {
        flushing.join();
      } catch (CompletionException failure) {
        throw failure.getCause() instanceof UncheckedIOException wrapped
            ? wrapped.getCause()
            : new IOException(failure);
      }
    }

    @Override
    public void commit() throws IOException {
      try (channel) {
        if (isFlushed) {
          awaitFlushing();
          channel.force(false);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        if (isFlushed) {
          flushDirectory(folder);
        }
      } catch (IOException failure) {
        abort();
        throw failure;
      }
    }

    @Override
    public void abort() {
      try (channel) {
        Files.deleteIfExists(part);
        Files.deleteIfExists(file);
      } catch (IOException failure) {
        log.warn(
            "A blob that was given up stays until the next garbage collection: {}",
            file.getFileName(),
            failure);
      }
    }
  }
}
