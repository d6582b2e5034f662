package io.vitrine.store.file;

import static io.vitrine.image.problem.ProblemException.locked;

import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.ResumableWriter;
import io.vitrine.store.blob.StoreFailures;
import io.vitrine.transfer.disk.DiskSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is written in several requests. It keeps its temporary name until the commit, and
 * stays when the writer is aborted. In directories that nodes share, a writer locks the file: a
 * process that is stopped may go on to write after others have taken it for dead, but keeps its
 * lock while it is.
 */
final class KeptFileWriter implements ResumableWriter {
  private static final Logger log = LoggerFactory.getLogger(KeptFileWriter.class);

  private final Path file;
  private final Path part;
  private final DiskSpace.Claim room;
  private final FileChannel channel;
  private final FileOutput output;
  private final FileBlobWriter.Means means;
  private long writtenBytes;

  /** Ways into a file, of which so many bytes stay. */
  private record Opened(FileChannel channel, FileOutput output, long bytes) {}

  private KeptFileWriter(
      FileBlobWriter.Placement target, Opened opened, FileBlobWriter.Means means) {
    this.file = target.file();
    this.part = target.part();
    this.room = target.room();
    this.channel = opened.channel;
    this.output = opened.output;
    this.means = means;
    this.writtenBytes = opened.bytes;
  }

  /** Creates the file under its temporary name. */
  static KeptFileWriter begin(FileBlobWriter.Placement target, FileBlobWriter.Means means)
      throws IOException {
    var part = target.part();
    var opened = open(target, 0, means, StandardOpenOption.CREATE_NEW);
    var writer = new KeptFileWriter(target, opened, means);
    try {
      FileBlobWriter.setPermissions(part, means.layout());
      writer.flushFolder();
      return writer;
    } catch (IOException | RuntimeException failure) {
      writer.abort();
      throw failure;
    }
  }

  /**
   * Goes on with the file, of which only the bytes before the offset stay. It has its final name if
   * it was complete, but its commit to the catalog failed.
   */
  static KeptFileWriter resume(
      FileBlobWriter.Placement target, long offset, FileBlobWriter.Means means) throws IOException {
    return new KeptFileWriter(target, open(target, offset, means), means);
  }

  private static Opened open(
      FileBlobWriter.Placement target,
      long offset,
      FileBlobWriter.Means means,
      StandardOpenOption... creation)
      throws IOException {
    boolean isPart = creation.length > 0 || Files.exists(target.part());
    var channel =
        FileChannel.open(
            isPart ? target.part() : target.file(), EnumSet.of(StandardOpenOption.WRITE, creation));
    try {
      if (means.layout().isShared()) {
        lock(channel);
      }
      var output =
          isPart && offset == 0
              ? FileBlobWriter.output(target.part(), channel, means)
              : FileBlobWriter.appending(target.part(), channel.position(offset), means);
      return new Opened(channel, output, offset);
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  private static void lock(FileChannel channel) throws IOException {
    boolean isLocked;
    try {
      isLocked = channel.tryLock() != null;
    } catch (OverlappingFileLockException inThisProcess) {
      isLocked = false;
    }
    if (!isLocked) {
      throw locked("Another process still writes the data of the upload; try again soon.");
    }
  }

  @Override
  public void start() throws IOException {
    if (channel.size() < writtenBytes) {
      throw StoreFailures.lostUpload();
    }
    if (Files.notExists(part)) {
      Files.move(file, part, StandardCopyOption.ATOMIC_MOVE);
    }
    channel.truncate(writtenBytes);
  }

  @Override
  public void write(ByteBuffer... data) throws IOException {
    long size = Arrays.stream(data).mapToLong(ByteBuffer::remaining).sum();
    room.grow(size);
    output.write(data);
    room.wrote(size, output.heldBytes());
    writtenBytes += size;
  }

  /** Zeros at the end may be missing until they are durable. */
  @Override
  public Optional<Path> file() {
    return Optional.of(part);
  }

  @Override
  public long keep(boolean isLast) throws IOException {
    if (!isLast) {
      return writtenBytes - output.sync();
    }
    try (room;
        output) {
      output.finish();
      return writtenBytes;
    }
  }

  @Override
  public BlobReader seal() throws IOException {
    return new FileBlobReader(FileChannel.open(part, StandardOpenOption.READ));
  }

  @Override
  public void commit() throws IOException {
    try (room;
        output) {
      output.finish();
      // If a file system was unmounted just after the start, the file is on another one.
      means.roots().require();
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      flushFolder();
    }
  }

  private void flushFolder() throws IOException {
    if (means.layout().isFlushed()) {
      FileBlobWriter.flushDirectory(Objects.requireNonNull(file.getParent()));
    }
  }

  /** What has been written stays, for another request. */
  @Override
  public void abort() {
    try (room) {
      output.close();
    } catch (IOException failure) {
      log.atWarn()
          .addKeyValue("file", part.getFileName())
          .setCause(failure)
          .log("Cannot close the file of an upload");
    }
  }
}
