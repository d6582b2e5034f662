package io.vitrine.store;

import io.vitrine.image.BlobRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs as files: {@code <first two digits of the id>/<id>}, with the suffix {@code .part} until
 * committed. A commit flushes the file, renames it, and flushes the directory.
 */
public final class FileBlobStore implements BlobStore {
  private static final Logger log = LoggerFactory.getLogger(FileBlobStore.class);
  private static final String PART = ".part";

  private final String id;
  private final Path directory;
  private final boolean isFlushed;

  /**
   * A store in a directory, which is made if it does not exist.
   *
   * @param isFlushed whether a commit waits until the disk has the data
   */
  public FileBlobStore(String id, Path directory, boolean isFlushed) throws IOException {
    this.id = id;
    this.directory = Files.createDirectories(directory);
    this.isFlushed = isFlushed;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public BlobWriter begin(BlobRef blob) throws IOException {
    Files.createDirectories(folder(blob));
    var part = part(blob);
    var channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new FileBlobWriter(folder(blob), path(blob), part, channel);
  }

  @Override
  public Optional<FileChannel> open(BlobRef blob) throws IOException {
    try {
      return Optional.of(FileChannel.open(path(blob), StandardOpenOption.READ));
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

  private Path folder(BlobRef blob) {
    return directory.resolve(blob.id().toString().substring(0, 2));
  }

  private Path path(BlobRef blob) {
    return folder(blob).resolve(blob.id().toString());
  }

  private Path part(BlobRef blob) {
    return folder(blob).resolve(blob.id() + PART);
  }

  private final class FileBlobWriter implements BlobWriter {
    private final Path folder;
    private final Path file;
    private final Path part;
    private final FileChannel channel;

    FileBlobWriter(Path folder, Path file, Path part, FileChannel channel) {
      this.folder = folder;
      this.file = file;
      this.part = part;
      this.channel = channel;
    }

    @Override
    public void write(ByteBuffer data) throws IOException {
      while (data.hasRemaining()) {
        channel.write(data);
      }
    }

    @Override
    public void commit() throws IOException {
      try (channel) {
        if (isFlushed) {
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

    private static void flushDirectory(Path directory) throws IOException {
      try (var entry = FileChannel.open(directory, StandardOpenOption.READ)) {
        entry.force(true);
      }
    }
  }
}
