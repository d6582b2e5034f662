package io.vitrine.format.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.Extent;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.TestingReads;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Reads a disk in every way there is, and compares. */
public final class DiskSubject {
  /** Opens a disk of the format under test. */
  @FunctionalInterface
  public interface Format {
    /** Opens it. */
    BlockSource open(ByteSource file) throws IOException;
  }

  private final Format format;

  private DiskSubject(Format format) {
    this.format = format;
  }

  /** For the disks of a format. */
  public static DiskSubject of(Format format) {
    return new DiskSubject(format);
  }

  /** The file holds the disk, however it is read. */
  public void holds(byte[] file, byte[] disk) throws IOException {
    var source = ArrivingSource.complete(file);
    try (var opened = format.open(source)) {
      assertThat(opened.sizeBytes()).isEqualTo(disk.length);
      assertThat(opened.unitBytes()).isPositive().isLessThanOrEqualTo(BlockSource.MAX_PIECE_BYTES);
      assertSame(TestingReads.whole(opened), disk);
      assertPieces(opened, disk, new Random(disk.length));
      assertExtents(opened, disk);
      assertSame(TestingReads.inFileOrder(opened), disk);
    }
    assertThat(source.isClosed()).isTrue();
  }

  /** All of the disk that a file holds, by one read. */
  public byte[] whole(byte[] file) throws IOException {
    try (var opened = format.open(ArrivingSource.complete(file))) {
      return TestingReads.whole(opened);
    }
  }

  /** All of the disk that a file holds, by its extents of data. */
  public byte[] inFileOrder(byte[] file) throws IOException {
    try (var opened = format.open(ArrivingSource.complete(file))) {
      return TestingReads.inFileOrder(opened);
    }
  }

  /** The file is refused for this reason, and left to whoever opened it. */
  public void refuses(byte[] file, String reason) {
    var source = ArrivingSource.complete(file);

    assertThatThrownBy(() -> format.open(source))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageContaining(reason);
    assertThat(source.isClosed()).isFalse();
  }

  /**
   * The file fails when it is cut, or holds the disk all the same: it never holds another one.
   *
   * @param everyCutBytes up to where every cut is tried; behind it, some are
   */
  public void failsOrHoldsWhenCut(byte[] file, byte[] disk, int everyCutBytes) throws IOException {
    for (int length = 0; length < file.length; length += length < everyCutBytes ? 1 : 97) {
      failsOrHolds(file, length, disk);
    }
    failsOrHolds(file, file.length, disk);
  }

  private void failsOrHolds(byte[] file, int length, byte[] disk) throws IOException {
    var cut = Arrays.copyOf(file, length);
    try (var opened = format.open(ArrivingSource.complete(cut))) {
      assertSame(TestingReads.inFileOrder(opened), disk);
      assertSame(TestingReads.whole(opened), disk);
    } catch (InvalidImageException fault) {
      assertThat(fault).as("cut to %d bytes", length).hasMessageContaining("is cut off");
    }
  }

  /**
   * A file that may be spoiled fails with an answer if at all, and tells no extents without end.
   */
  public void failsWithAnAnswerIfAtAll(byte[] file) throws IOException {
    try (var opened = format.open(ArrivingSource.complete(file))) {
      for (var extents : extents(opened)) {
        for (var next = extents.next(); next.isPresent(); next = extents.next()) {
          int count = (int) Math.min(next.get().lengthBytes(), 1 << 16);
          TestingReads.piece(opened, next.get().offset(), count);
        }
      }
    } catch (InvalidImageException fault) {
      assertThat(fault).hasMessageMatching("(?s)(is|has|depends) .*");
    }
  }

  private static List<BlockSource.Extents> extents(BlockSource opened) {
    return List.of(opened.dataInFileOrder(), opened.extents(0, opened.sizeBytes()));
  }

  /** The extents of the whole disk, as text, such as {@code DATA 0+1048576}. */
  public List<String> extents(byte[] file) throws IOException {
    try (var opened = format.open(ArrivingSource.complete(file))) {
      return TestingReads.list(opened.extents(0, opened.sizeBytes())).stream()
          .map(extent -> extent.kind() + " " + extent.offset() + "+" + extent.lengthBytes())
          .toList();
    }
  }

  /** What another thread will return, which may have to wait for the file. */
  public static <T> CompletableFuture<T> later(Callable<T> action) {
    var result = new CompletableFuture<T>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                result.complete(action.call());
              } catch (Exception failure) {
                result.completeExceptionally(failure);
              }
            });
    return result;
  }

  /** Tells where two disks differ, rather than all of their bytes. */
  private static void assertSame(byte[] read, byte[] disk) {
    assertThat(read).hasSameSizeAs(disk);
    assertThat(Arrays.mismatch(read, disk)).as("the first byte that differs").isEqualTo(-1);
  }

  /** Compares pieces of an open disk. */
  public static void assertPieces(BlockSource opened, byte[] disk, Random random)
      throws IOException {
    for (int i = 0; i < 100 && disk.length > 0; i++) {
      int from = random.nextInt(disk.length);
      int count = random.nextInt(Math.min(disk.length - from, 300_000) + 1);
      assertSame(
          TestingReads.piece(opened, from, count), Arrays.copyOfRange(disk, from, from + count));
    }
  }

  private static void assertExtents(BlockSource opened, byte[] disk) throws IOException {
    long at = 0;
    for (var extent : TestingReads.list(opened.extents(0, disk.length))) {
      assertThat(extent.offset()).isEqualTo(at);
      if (extent.kind() != Extent.Kind.DATA) {
        var part = Arrays.copyOfRange(disk, (int) at, (int) extent.end());
        assertSame(part, new byte[part.length]);
      } else {
        assertThat(extent.offset() % opened.unitBytes()).isZero();
      }
      at = extent.end();
    }
    assertThat(at).isEqualTo(disk.length);
  }
}
