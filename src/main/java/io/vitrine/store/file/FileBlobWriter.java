package io.vitrine.store.file;

import io.vitrine.store.blob.BlobWriter;
import io.vitrine.transfer.disk.DiskSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file being written. A commit flushes it, renames it, and flushes its folder. */
final class FileBlobWriter implements BlobWriter {
  private static final Logger log = LoggerFactory.getLogger(FileBlobWriter.class);

  private final Path file;
  private final Path part;
  private final DiskSpace.Claim room;
  private final FileOutput output;
  private final Roots roots;
  private final boolean isFlushed;

  /** What all writers of a store share. */
  record Means(
      FileLayout layout, Executor flushers, DirectBlocks blocks, CacheRoom room, Roots roots) {}

  /**
   * The names of a file and its disk space.
   *
   * @param part the name until the commit
   * @param room returned at the end
   */
  record Placement(Path file, Path part, DiskSpace.Claim room) {}

  /** The directories of the store. */
  interface Roots {
    /** Fails unless all directories are present. */
    void require() throws IOException;
  }

  private FileBlobWriter(Placement target, FileOutput output, Means means) {
    this.file = target.file();
    this.part = target.part();
    this.room = target.room();
    this.output = output;
    this.roots = means.roots();
    this.isFlushed = means.layout().isFlushed();
  }

  /** Creates the file under its temporary name, which must not exist. */
  static FileBlobWriter begin(Placement target, Means means) throws IOException {
    var layout = means.layout();
    var part = target.part();
    var channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var writer = new FileBlobWriter(target, output(part, channel, means), means);
    try {
      setPermissions(part, layout);
    } catch (IOException | RuntimeException failure) {
      writer.abort();
      throw failure;
    }
    return writer;
  }

  static void setPermissions(Path part, FileLayout layout) throws IOException {
    if (layout.permissions().isPresent()) {
      Files.setPosixFilePermissions(part, layout.permissions().get());
    }
  }

  /** The best way to write a file that is empty. */
  static FileOutput output(Path part, FileChannel channel, Means means) throws IOException {
    var direct =
        means.layout().writesDirectly() && means.layout().directIo() == DirectIo.TRUE
            ? DirectOutput.open(part, channel, means.blocks())
            : Optional.<FileOutput>empty();
    return direct.orElseGet(() -> appending(part, channel, means));
  }

  /** The best way to write more of a file, from the position of the channel on. */
  static FileOutput appending(Path part, FileChannel channel, Means means) {
    var layout = means.layout();
    // Data that need not be flushed is best left to the page cache.
    if (layout.writesDirectly() && layout.directIo() == DirectIo.AUTO) {
      return new HotOutput(part, channel, means);
    }
    var cached = new CachedOutput(channel, layout.isFlushed(), means.flushers());
    return layout.isThin() ? new ThinOutput(part, cached) : cached;
  }

  @Override
  public void write(ByteBuffer... data) throws IOException {
    long size = Arrays.stream(data).mapToLong(ByteBuffer::remaining).sum();
    room.grow(size);
    output.write(data);
    room.wrote(size, output.heldBytes());
  }

  @Override
  public Optional<Path> file() {
    return output.isReadable() ? Optional.of(part) : Optional.empty();
  }

  @Override
  public void commit() throws IOException {
    try (room;
        output) {
      output.finish();
      // If a file system was unmounted just after the start, the file is on another one.
      roots.require();
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      if (isFlushed) {
        flushDirectory(Objects.requireNonNull(file.getParent()));
      }
    } catch (IOException failure) {
      abort();
      throw failure;
    }
  }

  static void flushDirectory(Path directory) throws IOException {
    try (var entry = FileChannel.open(directory, StandardOpenOption.READ)) {
      entry.force(true);
    }
  }

  @Override
  public void abort() {
    try (room;
        output) {
      Files.deleteIfExists(part);
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      log.atWarn()
          .addKeyValue("file", file.getFileName())
          .setCause(failure)
          .log("Cannot remove an aborted blob; garbage collection will");
    }
  }
}
