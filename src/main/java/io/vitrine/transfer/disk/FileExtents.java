package io.vitrine.transfer.disk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.Closeable;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * Finds the holes of a file, which read as zeros (lseek(2) of Linux, SEEK_HOLE and SEEK_DATA).
 * Anything unknown counts as data. Offsets must be queried in ascending order, and the file must
 * not change meanwhile.
 */
public final class FileExtents implements Closeable {
  private static final int READ_ONLY_CLOSE_ON_EXEC = 0x80000;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int NO_MORE_DATA = 6; // ENXIO

  /** The functions of the C library, linked on first use. */
  private static final class Library {
    static final MethodHandle OPEN =
        function(
            "open",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    static final MethodHandle SEEK =
        function(
            "lseek",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT),
            Linker.Option.captureCallState("errno"));
    static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    @SuppressWarnings("restricted") // The manifest of the program allows native access.
    private static MethodHandle function(
        String name, FunctionDescriptor type, Linker.Option... options) {
      var linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
    }
  }

  private static final VarHandle ERROR =
      Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));

  private final Arena memory = Arena.ofShared();
  private final MemorySegment state = memory.allocate(Linker.Option.captureStateLayout());
  private final long sizeBytes;
  private final int descriptor;
  private long extentEnd;
  private boolean isHole;

  /** The extents of a file; on systems other than Linux, all of it is data. */
  public FileExtents(Path file, long sizeBytes) {
    this.sizeBytes = sizeBytes;
    this.descriptor = System.getProperty("os.name").equals("Linux") ? open(file) : -1;
  }

  private int open(Path file) {
    try {
      return (int)
          Library.OPEN.invokeExact(memory.allocateFrom(file.toString()), READ_ONLY_CLOSE_ON_EXEC);
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /** Whether the whole range is in one hole. */
  public boolean isHole(long offset, int length) {
    if (offset >= extentEnd) {
      look(offset);
    }
    return isHole && offset + length <= extentEnd;
  }

  /** Finds the extent that contains the offset. */
  private void look(long offset) {
    long hole = seek(offset, SEEK_HOLE);
    isHole = hole == offset;
    extentEnd = isHole ? seek(offset, SEEK_DATA) : hole;
    if (extentEnd <= offset) {
      isHole &= error() == NO_MORE_DATA;
      extentEnd = isHole ? sizeBytes : Long.MAX_VALUE;
    }
  }

  /** The next extent of the kind at or after the offset; negative if unknown. */
  private long seek(long offset, int what) {
    if (descriptor < 0) {
      return -1;
    }
    try {
      return (long) Library.SEEK.invokeExact(state, descriptor, offset, what);
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  private int error() {
    return (int) ERROR.get(state, 0L);
  }

  @Override
  public void close() {
    memory.close();
    if (descriptor >= 0) {
      try {
        int _ = (int) Library.CLOSE.invokeExact(descriptor);
      } catch (Throwable impossible) {
        throw broken(impossible);
      }
    }
  }

  /** C functions throw nothing. */
  private static IllegalStateException broken(Throwable impossible) {
    return new IllegalStateException(impossible);
  }
}
