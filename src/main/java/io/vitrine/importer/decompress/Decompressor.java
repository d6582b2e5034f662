package io.vitrine.importer.decompress;

import static io.vitrine.image.problem.ProblemException.tooLarge;
import static io.vitrine.image.problem.ProblemException.unavailable;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.MemoryLimitException;

/**
 * Decompresses one file, one level deep. Uses constant memory, and never outputs more than the
 * limit, whatever the data claims.
 */
public final class Decompressor {
  private static final int INPUT_BYTES = 64 << 10;
  private static final int OUTPUT_BYTES = 256 << 10;

  private final Path file;
  private final DecompressionConfig limits;
  private final AtomicReference<@Nullable Problem> stopped = new AtomicReference<>(null);
  private final AtomicLong readBytes = new AtomicLong();

  /** Decompresses a file within the limits. */
  public Decompressor(Path file, DecompressionConfig limits) {
    this.file = file;
    this.limits = limits;
  }

  /** Receives decompressed data. */
  @FunctionalInterface
  public interface Output {
    /** Receives a piece and takes ownership of it; may block to apply back pressure. */
    void accept(byte[] piece) throws InterruptedException;
  }

  /** The compressed bytes read so far. */
  public long readBytes() {
    return readBytes.get();
  }

  /** Makes {@link #run} fail soon, for this reason. May be called on any thread. */
  public void stop(Problem reason) {
    stopped.compareAndSet(null, reason);
  }

  /** Whether it takes more than the first bytes of a file to recognise its format. */
  public static boolean mustLookFurther(byte[] head) {
    return SkippableFrames.begin(head);
  }

  /**
   * The format of the file; empty if it is not compressed. Looks behind frames that are to be
   * skipped, whatever their length and number. Blocks.
   *
   * @throws ProblemException when this takes too long, or when {@link #stop} was called
   */
  public Optional<Compression> recognise() {
    long deadline = deadline();
    try (var source = open(deadline);
        var data = new BufferedInputStream(source, INPUT_BYTES)) {
      data.mark(Compression.HEAD_BYTES);
      var head = data.readNBytes(Compression.HEAD_BYTES);
      data.reset();
      return mustLookFurther(head) ? SkippableFrames.formatAfter(data) : Compression.of(head);
    } catch (IOException broken) {
      throw unreadable();
    }
  }

  private long deadline() {
    return System.nanoTime() + limits.timeLimit().toNanos();
  }

  /**
   * Decompresses the whole file, which is in the given format. Blocks.
   *
   * @throws ProblemException when the data is invalid or exceeds the limits, or when {@link #stop}
   *     was called
   */
  public void run(Compression compression, Output output) throws InterruptedException {
    long deadline = deadline();
    try (var source = open(deadline);
        var data = compression.open(new BufferedInputStream(source, INPUT_BYTES))) {
      copy(data, limits.boundBytes(source.sizeBytes), deadline, output);
    } catch (ProblemException expected) {
      throw expected;
    } catch (IOException | RuntimeException broken) {
      throw new ProblemException(problem(compression, broken));
    }
  }

  /** Opens the file; failures to do so are not blamed on the data. */
  private Source open(long deadline) {
    try {
      long sizeBytes = Files.size(file);
      return new Source(new FileInputStream(file.toFile()), sizeBytes, deadline);
    } catch (IOException unreadable) {
      throw unreadable();
    }
  }

  private static ProblemException unreadable() {
    return unavailable("The staged data cannot be read at the moment.");
  }

  private static Problem problem(Compression compression, Exception broken) {
    boolean takesTooMuchMemory =
        switch (broken) {
          case MemoryLimitException lzma -> true;
          case ZstdIOException zstd ->
              zstd.getErrorCode() == Zstd.errFrameParameterWindowTooLarge();
          default -> false;
        };
    return takesTooMuchMemory
        ? new Problem.TooLarge("The data takes more memory to decompress than allowed.")
        : new Problem.UnsupportedContent(
            "The data is not valid %s, or it is cut off.".formatted(compression.text()));
  }

  private void copy(InputStream data, long boundBytes, long deadline, Output output)
      throws IOException, InterruptedException {
    long left = boundBytes;
    for (var piece = data.readNBytes(OUTPUT_BYTES);
        piece.length > 0;
        piece = data.readNBytes(OUTPUT_BYTES)) {
      requireGoingOn(deadline);
      if (piece.length > left) {
        throw tooLarge(
            "The data becomes larger than allowed: at most %d bytes for its compressed size."
                .formatted(boundBytes));
      }
      left -= piece.length;
      output.accept(piece);
    }
  }

  private void requireGoingOn(long deadline) {
    if (System.nanoTime() - deadline > 0) {
      stop(new Problem.TooLarge("Decompressing the data takes longer than allowed."));
    }
    var reason = stopped.get();
    if (reason != null) {
      throw new ProblemException(reason);
    }
  }

  /**
   * The compressed data. Every read checks the deadline, because streams of any length may
   * decompress to nothing.
   */
  private final class Source extends BulkInput {
    private final FileInputStream data;
    private final long sizeBytes;
    private final long deadline;

    Source(FileInputStream data, long sizeBytes, long deadline) {
      super(data);
      this.data = data;
      this.sizeBytes = sizeBytes;
      this.deadline = deadline;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      requireGoingOn(deadline);
      try {
        int read = data.read(target, offset, length);
        readBytes.addAndGet(Math.max(read, 0));
        return read;
      } catch (IOException broken) {
        throw unreadable();
      }
    }

    /** Tells the reader of concatenated streams whether another one follows. */
    @Override
    public int available() {
      try {
        return data.available();
      } catch (IOException broken) {
        throw unreadable();
      }
    }
  }
}
