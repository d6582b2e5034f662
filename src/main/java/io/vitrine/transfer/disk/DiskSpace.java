package io.vitrine.transfer.disk;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reserves disk space for concurrent writers, so that writers who do not fit together do not all
 * fail. A writer of known size gets its space at the start or is refused; among the others, the
 * earliest gets the space that later ones return. Thread-safe.
 */
public final class DiskSpace {
  /** How long the earliest writer waits for space that later ones are about to return. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration LOOK = Duration.ofMillis(200);

  private final Map<FileStore, Disk> disks = new ConcurrentHashMap<>();

  /** The free space of a directory, minus what others have reserved. */
  public long freeBytes(Path directory) throws IOException {
    return disk(directory).freeBytes();
  }

  private Disk disk(Path directory) throws IOException {
    return disks.computeIfAbsent(Files.getFileStore(directory), Disk::new);
  }

  /**
   * Reserves space for a blob.
   *
   * @param keptBytes the space to leave free
   * @param length the size of the blob, if known
   */
  public Claim claim(Path directory, long keptBytes, OptionalLong length) throws IOException {
    return disk(directory).claim(directory, keptBytes, length);
  }

  private static FileSystemException full(Path directory) {
    return new FileSystemException(directory.toString(), null, "No space left on device");
  }

  private static FileSystemException tooLarge(Path directory) {
    return new FileSystemException(directory.toString(), null, "File too large");
  }

  /** A file system; each has its own lock, so one that hangs delays no other. */
  private static final class Disk {
    private final FileStore files;

    /** The present writers, earliest first. */
    private final List<Claim> claims = new ArrayList<>();

    Disk(FileStore files) {
      this.files = files;
    }

    synchronized long freeBytes() throws IOException {
      return files.getUsableSpace() - claims.stream().mapToLong(claim -> claim.bytes).sum();
    }

    synchronized Claim claim(Path directory, long keptBytes, OptionalLong length)
        throws IOException {
      if (length.isPresent() && length.getAsLong() > freeBytes() - keptBytes) {
        throw length.getAsLong() > files.getTotalSpace() ? tooLarge(directory) : full(directory);
      }
      var claim = new Claim(this, directory, keptBytes, length);
      claims.add(claim);
      return claim;
    }
  }

  /** The reservation of one writer, who closes it at the end. */
  public static final class Claim implements AutoCloseable {
    private final Disk disk;
    private final Path directory;
    private final long keptBytes;
    private final boolean isOpenEnded;

    /** Bytes that are still to come or not allocated on disk yet. */
    private long bytes;

    private boolean isWaiting;

    private Claim(Disk disk, Path directory, long keptBytes, OptionalLong length) {
      this.disk = disk;
      this.directory = directory;
      this.keptBytes = keptBytes;
      this.isOpenEnded = length.isEmpty();
      this.bytes = length.orElse(0);
    }

    /** Reserves more bytes; fails if there is no space for them. */
    public void grow(long more) throws IOException {
      if (isOpenEnded) {
        synchronized (disk) {
          await(more);
          bytes += more;
        }
      }
    }

    /** Notes that bytes were written, of which some are not allocated on disk yet. */
    public void wrote(long written, long held) {
      synchronized (disk) {
        bytes = isOpenEnded ? held : Math.max(held, bytes - written);
      }
    }

    private void await(long more) throws IOException {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (isAnybodyWaitingBefore() || more > disk.freeBytes() - keptBytes) {
        if (!isFirstOfSeveral() || System.nanoTime() > deadline) {
          throw full(directory);
        }
        isWaiting = true;
        try {
          disk.wait(LOOK.toMillis());
        } catch (InterruptedException stopped) {
          Thread.currentThread().interrupt();
          throw new FileSystemException(directory.toString(), null, "interrupted");
        } finally {
          isWaiting = false;
        }
      }
    }

    private boolean isAnybodyWaitingBefore() {
      return rivals().stream().takeWhile(rival -> rival != this).anyMatch(rival -> rival.isWaiting);
    }

    private boolean isFirstOfSeveral() {
      var rivals = rivals();
      return rivals.size() > 1 && rivals.getFirst() == this;
    }

    private List<Claim> rivals() {
      return disk.claims.stream().filter(each -> each.isOpenEnded).toList();
    }

    @Override
    public void close() {
      synchronized (disk) {
        disk.claims.remove(this);
        disk.notifyAll();
      }
    }
  }
}
