package io.vitrine.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.ResumableWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads data behind its writer and passes the bytes to an inspection, one piece at a time: those in
 * a file as they come, others once all are there. Its state belongs to the executor of the disk,
 * which also writes, so that it never sees half a write.
 */
final class DataFollower {
  private static final int PIECE_BYTES = 1 << 20;

  private final ResumableWriter writer;
  private final SerialExecutor disk;
  private final TransferInspection inspection;
  private final Promise<Void> reached = Promise.promise();

  private long position;
  private long end = Long.MAX_VALUE;
  private boolean isReading;
  private boolean isClosed;
  private @Nullable BlobReader reader;

  /** A reader that has passed on the bytes before the position. */
  DataFollower(
      ResumableWriter writer, SerialExecutor disk, TransferInspection inspection, long position) {
    this.writer = writer;
    this.disk = disk;
    this.inspection = inspection;
    this.position = position;
  }

  /** Reads what has been written so far, unless it does so already or that cannot be read yet. */
  void follow() {
    if (writer.file().isPresent()) {
      disk.run(this::begin);
    }
  }

  /** Reads up to the end of the data, all of which has been given to the disk. */
  Future<Void> follow(long lastByte) {
    disk.run(
        () -> {
          end = lastByte;
          begin();
        });
    return reached.future();
  }

  private void begin() {
    if (!isReading) {
      isReading = true;
      step();
    }
  }

  private void step() {
    if (isClosed) {
      reached.tryFail("the transfer has ended");
      return;
    }
    try {
      pass(read());
    } catch (IOException | RuntimeException failure) {
      isReading = false;
      reached.tryFail(failure);
    }
  }

  private void pass(ByteBuffer piece) {
    if (!piece.hasRemaining()) {
      isReading = false;
      if (position == end) {
        reached.tryComplete();
      }
      return;
    }
    position += piece.remaining();
    var work = new Countdown(() -> disk.run(this::step));
    inspection.take(new ByteBuffer[] {piece}, work);
    work.close();
  }

  /** The next bytes; none if there are no more yet. Zeros at the end may be missing in the file. */
  private ByteBuffer read() throws IOException {
    if (reader == null) {
      reader = writer.seal();
    }
    var piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, end - position));
    boolean isAtEnd = false;
    while (piece.hasRemaining() && !isAtEnd) {
      isAtEnd = reader.read(piece, position + piece.position()) < 0;
    }
    if (isAtEnd && end != Long.MAX_VALUE) {
      piece.position(piece.limit());
    }
    return piece.flip();
  }

  /** Stops, and answers how many bytes have been passed on. On a thread of the disk. */
  long close() throws IOException {
    isClosed = true;
    if (reader != null) {
      reader.close();
    }
    return position;
  }
}
