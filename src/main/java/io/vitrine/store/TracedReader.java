package io.vitrine.store;

import io.vitrine.observe.trace.Span;
import io.vitrine.store.blob.BlobReader;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A reader that records the bytes read in a span. */
final class TracedReader implements BlobReader {
  private final BlobReader reader;
  private final Span span;
  private long bytes;

  private TracedReader(BlobReader reader, Span span) {
    this.reader = reader;
    this.span = span;
  }

  /** The reader itself if there is no span. */
  static BlobReader of(BlobReader reader, Span span) {
    return span.isTold() ? new TracedReader(reader, span) : reader;
  }

  @Override
  public long sizeBytes() throws IOException {
    return reader.sizeBytes();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    int count = reader.read(target, position);
    bytes += Math.max(0, count);
    return count;
  }

  @Override
  public void close() throws IOException {
    span.with(StoreVerticle.BYTES, bytes).end();
    reader.close();
  }
}
