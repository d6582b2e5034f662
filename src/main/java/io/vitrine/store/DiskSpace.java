package io.vitrine.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The room of the file systems that this process writes blobs to. Writers who would not fit beside
 * each other must not all fail: one whose length is known has its room from the beginning or is
 * refused then; of the others the one that began first gets what the later ones give back. Safe for
 * all threads.
 */
public final class DiskSpace {
  /** How long the first of several waits for room that later ones are about to give back. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration LOOK = Duration.ofMillis(200);

  /** Those who write now, the first first. */
  private final List<Claim> claims = new ArrayList<>();

  /** How much may be written to a directory besides what others will write there. */
  synchronized long freeBytes(Path directory) throws IOException {
    var disk = Files.getFileStore(directory);
    return disk.getUsableSpace() - claimedBytes(disk);
  }

  private long claimedBytes(FileStore disk) {
    return claims.stream()
        .filter(claim -> claim.disk.equals(disk))
        .mapToLong(claim -> claim.bytes)
        .sum();
  }

  /** Where a blob goes, found while nobody else claims room. */
  interface Choice {
    Path in(DiskSpace space) throws IOException;
  }

  /**
   * Claims room for a blob.
   *
   * @param keptBytes what is to be left free
   * @param length what will be written, if that is known
   */
  synchronized Claim claim(Choice choice, long keptBytes, OptionalLong length) throws IOException {
    var directory = choice.in(this);
    var claim = new Claim(directory, keptBytes, length);
    if (length.isPresent() && length.getAsLong() > freeBytes(directory) - keptBytes) {
      throw full(directory);
    }
    claims.add(claim);
    return claim;
  }

  private static FileSystemException full(Path directory) {
    return new FileSystemException(directory.toString(), null, "No space left on device");
  }

  /**
   * The room of one blob that is being written. Belongs to its writer, who closes it at the end.
   */
  final class Claim implements AutoCloseable {
    private final Path directory;
    private final FileStore disk;
    private final long keptBytes;
    private final boolean isOpenEnded;

    /** What is still to come and does not lie on the disk yet. */
    private long bytes;

    private boolean isWaiting;

    private Claim(Path directory, long keptBytes, OptionalLong length) throws IOException {
      this.directory = directory;
      this.disk = Files.getFileStore(directory);
      this.keptBytes = keptBytes;
      this.isOpenEnded = length.isEmpty();
      this.bytes = length.orElse(0);
    }

    Path directory() {
      return directory;
    }

    /** More bytes are about to be written; fails if there is no room for them. */
    void grow(long more) throws IOException {
      if (isOpenEnded) {
        synchronized (DiskSpace.this) {
          await(more);
          bytes += more;
        }
      }
    }

    /** Of bytes that were written some do not lie on the disk yet. */
    void wrote(long written, long held) {
      synchronized (DiskSpace.this) {
        bytes = isOpenEnded ? held : Math.max(held, bytes - written);
      }
    }

    private void await(long more) throws IOException {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (isAnybodyWaitingBefore() || more > freeBytes(directory) - keptBytes) {
        if (!isFirstOfSeveral() || System.nanoTime() > deadline) {
          throw full(directory);
        }
        isWaiting = true;
        try {
          DiskSpace.this.wait(LOOK.toMillis());
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
      return claims.stream().filter(each -> each.isOpenEnded && each.disk.equals(disk)).toList();
    }

    @Override
    public void close() {
      synchronized (DiskSpace.this) {
        claims.remove(this);
        DiskSpace.this.notifyAll();
      }
    }
  }
}
