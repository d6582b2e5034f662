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
 * Tells where a file has holes, which read as zeros (lseek(2) of Linux, SEEK_HOLE and SEEK_DATA).
 * What the system does not tell of counts as data. To be asked from the file's start to its end;
 * the file must not change meanwhile.
 */
public final class FileExtents implements Closeable {
  private static final int READ_ONLY_CLOSE_ON_EXEC = 0x80000;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int NO_MORE_DATA = 6; // ENXIO

  /** The functions of the system's C library, loaded when they are first needed. */
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

  /** Those of a file; all of it is data where the system is another one than Linux. */
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

  /** Whether all bytes of a part of the file lie in one hole. */
  public boolean isHole(long offset, int length) {
    if (offset >= extentEnd) {
      look(offset);
    }
    return isHole && offset + length <= extentEnd;
  }

  /** Finds the extent that the offset lies in. */
  private void look(long offset) {
    long hole = seek(offset, SEEK_HOLE);
    isHole = hole == offset;
    extentEnd = isHole ? seek(offset, SEEK_DATA) : hole;
    if (extentEnd <= offset) {
      isHole &= error() == NO_MORE_DATA;
      extentEnd = isHole ? sizeBytes : Long.MAX_VALUE;
    }
  }

  /** Where there is such an extent from the offset on; negative when that is not known. */
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

  /** A function of C throws nothing. */
  private static IllegalStateException broken(Throwable impossible) {
    return new IllegalStateException(impossible);
  }
}
