package io.vitrine.store.s3;

import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.ResumableWriter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one request's data of a blob that takes several. What it has sent stays in a multipart
 * upload, and what is left for a part in an object beside. If a process that was taken for dead
 * still sends parts, the multipart upload cannot be completed with other data than the tags of its
 * parts tell. For one thread at a time.
 */
final class S3KeptWriter implements ResumableWriter {
  private static final Logger log = LoggerFactory.getLogger(S3KeptWriter.class);
  private static final int PIECE_BYTES = 1 << 20;

  private final S3Calls calls;
  private final String key;
  private final Beginning beginning;
  private final PartStream stream;
  private final Runnable onEnd;

  /** How many bytes of the blob have come, with those of earlier requests. */
  private long writtenBytes;

  private boolean isComplete;
  private boolean isEnded;

  /**
   * Where the writer begins.
   *
   * @param turn counts the requests for the blob from 1
   * @param offset of the next byte
   * @param kept holds the bytes before that, and perhaps more
   */
  record Beginning(long turn, long offset, KeptParts kept) {}

  S3KeptWriter(S3Calls calls, String key, Beginning beginning, PartStream stream, Runnable onEnd) {
    this.calls = calls;
    this.key = key;
    this.beginning = beginning;
    this.stream = stream;
    this.onEnd = onEnd;
    this.writtenBytes = beginning.offset;
    this.isComplete = beginning.kept.isWhole();
  }

  @Override
  public boolean isAhead() {
    return beginning.kept.bytes() > beginning.offset;
  }

  @Override
  public void start() throws IOException {
    if (beginning.turn == 1 || isComplete) {
      return;
    }
    for (var tail : Tail.all(calls, key)) {
      if (tail.to() < beginning.offset) {
        calls.delete(tail.key());
      }
    }
    if (beginning.kept.tail().isPresent()) {
      load(beginning.kept.tail().get());
    }
  }

  /** Puts the tail into the first part. */
  private void load(Tail tail) throws IOException {
    var object = calls.find(tail.key()).orElseThrow(() -> new EOFException("lost " + tail.key()));
    try (var reader = calls.reader(object)) {
      long bytes = beginning.offset - tail.from();
      for (long position = 0; position < bytes; ) {
        var piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, bytes - position));
        int count = reader.read(piece, position);
        if (count < 0) {
          throw new EOFException("%s ends at %d of %d".formatted(tail.key(), position, bytes));
        }
        position += count;
        stream.write(piece.flip());
      }
    }
  }

  @Override
  public void write(ByteBuffer... data) throws IOException {
    if (isEnded) {
      throw new ClosedChannelException();
    }
    for (var each : data) {
      long known = Math.clamp(beginning.kept.bytes() - writtenBytes, 0, each.remaining());
      writtenBytes += each.remaining();
      each.position(each.position() + (int) known);
      if (!isComplete) {
        stream.write(each);
      }
    }
  }

  @Override
  public long keep(boolean isLast) throws IOException {
    if (isComplete) {
      return keepWhole(isLast);
    }
    if (!isLast) {
      long durable = Math.max(beginning.kept.bytes(), stream.storedBytes());
      return Math.min(writtenBytes, durable);
    }
    stream.requireWanted();
    if (writtenBytes > beginning.offset) {
      stream.storeRest(from -> Tail.of(key, from, writtenBytes).key());
    }
    end();
    return writtenBytes;
  }

  private long keepWhole(boolean isLast) {
    if (isLast) {
      end();
    }
    return writtenBytes;
  }

  @Override
  public BlobReader seal() throws IOException {
    complete();
    var object = calls.find(key).orElseThrow(() -> new EOFException("lost " + key));
    if (object.sizeBytes() != writtenBytes) {
      throw new IOException(
          "%s has %d bytes of %d".formatted(key, object.sizeBytes(), writtenBytes));
    }
    return calls.reader(object);
  }

  private void complete() throws IOException {
    if (isEnded) {
      throw new ClosedChannelException();
    }
    if (!isComplete) {
      stream.finish();
      isComplete = true;
    }
  }

  @Override
  public void commit() throws IOException {
    try {
      complete();
      if (beginning.turn > 1) {
        removeRest();
      }
    } finally {
      end();
    }
  }

  /** Nobody needs what is left once the object is complete; at the latest, it goes with that. */
  private void removeRest() {
    try {
      for (var tail : Tail.all(calls, key)) {
        calls.delete(tail.key());
      }
      for (var upload : calls.uploadsOf(key)) {
        calls.abort(upload);
      }
    } catch (IOException failure) {
      log.atWarn()
          .addKeyValue("object", key)
          .setCause(failure)
          .log("Cannot remove what is left of an upload");
    }
  }

  /** What has been sent stays, for another request. */
  @Override
  public void abort() {
    end();
    try {
      stream.await();
    } catch (IOException stopping) {
      log.atDebug().addKeyValue("object", key).log("Does not wait for the parts of an upload");
    }
  }

  private void end() {
    if (!isEnded) {
      isEnded = true;
      onEnd.run();
    }
    stream.close();
  }
}
