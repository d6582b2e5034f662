package io.vitrine.importer.blob;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vitrine.image.location.BlobRef;
import io.vitrine.transfer.stream.BlobSink;
import java.nio.ByteBuffer;

/**
 * Data of an image that is written to a store while it is being made, before anybody knows whether
 * it will be of use. One thread at a time writes it and may block; all else belongs to the import
 * verticle's context.
 */
public final class EarlyBlob {
  private static final int PIECE_BYTES = 256 << 10;

  /** Shared by all, since nobody writes to a buffer. */
  private static final Buffer ZEROS = Buffer.buffer(new byte[PIECE_BYTES]);

  private final BlobRef blob;
  private final long sizeBytes;
  private final Context context;
  private final BlobSink sink;
  private final BlockingSink output;
  private final BlobWrites writes;
  private boolean isFinished;

  /** Writes to a sink of the context, which takes so many bytes. */
  EarlyBlob(BlobRef blob, long sizeBytes, BlobSink sink, BlobWrites writes) {
    this.blob = blob;
    this.sizeBytes = sizeBytes;
    this.sink = sink;
    this.writes = writes;
    this.context = writes.loop();
    this.output = new BlockingSink(context, sink);
  }

  /** The blob. */
  public BlobRef ref() {
    return blob;
  }

  /** How many bytes it will have. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /** How many bytes have been sent to the store. */
  public long sentBytes() {
    return sink.sentBytes();
  }

  /**
   * Appends what is left in a buffer, which may change afterwards. Blocks while the store is busy.
   */
  public void write(ByteBuffer data) throws InterruptedException {
    while (data.hasRemaining()) {
      var piece = new byte[Math.min(PIECE_BYTES, data.remaining())];
      data.get(piece);
      output.write(Buffer.buffer(piece));
    }
  }

  /** Appends so many zeros. Blocks while the store is busy. */
  public void writeZeros(long count) throws InterruptedException {
    for (long left = count; left > 0; left -= PIECE_BYTES) {
      output.write(ZEROS.slice(0, (int) Math.min(PIECE_BYTES, left)));
    }
  }

  /** Whether the store still takes it. */
  public boolean isOfUse() {
    return !sink.written().failed();
  }

  /** Ends the data, and waits until it is durable. The caller abandons the blob if that fails. */
  public UncommittedBlob finish() {
    isFinished = true;
    context.runOnContext(now -> sink.end());
    return new UncommittedBlob(blob, sink.written().await());
  }

  /** Lets whoever writes it, or waits for its end, fail soon. */
  public void stop() {
    context.runOnContext(now -> sink.abort());
  }

  /** Removes what was written, unless it was finished. Blocks. */
  public void abandon() {
    if (!isFinished) {
      isFinished = true;
      stop();
      writes.abandon(blob);
    }
  }
}
