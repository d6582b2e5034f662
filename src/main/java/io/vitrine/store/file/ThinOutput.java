package io.vitrine.store.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Leaves holes in place of zeros, which then take no disk space. */
final class ThinOutput implements FileOutput {
  /** The granularity and alignment of holes. */
  private static final int HOLE_BYTES = 64 << 10;

  private static final ByteBuffer ZEROS = ByteBuffer.allocate(HOLE_BYTES).asReadOnlyBuffer();

  private final Path file;
  private final CachedOutput output;

  /** Stays open: closing it would release the locks of this process on the file. */
  private @Nullable RandomAccessFile whole;

  ThinOutput(Path file, CachedOutput output) {
    this.file = file;
    this.output = output;
  }

  @Override
  public void write(ByteBuffer... data) throws IOException {
    for (var buffer : data) {
      write(buffer);
    }
  }

  private void write(ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      int toBoundary = HOLE_BYTES - (int) (output.position() % HOLE_BYTES);
      int length = Math.min(toBoundary, data.remaining());
      var piece = data.slice(data.position(), length);
      data.position(data.position() + length);
      if (piece.mismatch(ZEROS.slice(0, length)) < 0) {
        output.skip(length);
      } else {
        output.write(piece);
      }
    }
  }

  /** Extends the file over a hole at its end, which seeking alone does not create. */
  @Override
  public void finish() throws IOException {
    if (whole == null) {
      whole = new RandomAccessFile(file.toFile(), "rw");
    }
    if (whole.length() < output.position()) {
      whole.setLength(output.position());
    }
    output.finish();
  }

  @Override
  public void close() throws IOException {
    try (output) {
      if (whole != null) {
        whole.close();
      }
    }
  }
}
