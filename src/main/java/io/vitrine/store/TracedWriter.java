package io.vitrine.store;

import io.vitrine.observe.trace.Span;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.BlobWriter;
import io.vitrine.store.blob.ResumableWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** A writer that records the bytes written, and the outcome, in a span. */
sealed class TracedWriter implements BlobWriter {
  private final BlobWriter writer;
  private final Span span;
  private long bytes;

  private TracedWriter(BlobWriter writer, Span span) {
    this.writer = writer;
    this.span = span;
  }

  /** The writer itself if there is no span. */
  static BlobWriter of(BlobWriter writer, Span span) {
    if (!span.isTold()) {
      return writer;
    }
    return writer instanceof ResumableWriter resumable
        ? new Resumable(resumable, span)
        : new TracedWriter(writer, span);
  }

  @Override
  public void write(ByteBuffer... data) throws IOException {
    for (var piece : data) {
      bytes += piece.remaining();
    }
    writer.write(data);
  }

  @Override
  public Optional<Path> file() {
    return writer.file();
  }

  @Override
  public void commit() throws IOException {
    try {
      writer.commit();
    } catch (IOException | RuntimeException failure) {
      span.fail("not committed");
      throw failure;
    } finally {
      end();
    }
  }

  final void end() {
    span.with(StoreVerticle.BYTES, bytes).end();
  }

  @Override
  public void abort() {
    span.with(StoreVerticle.BYTES, bytes).fail("given up");
    span.end();
    writer.abort();
  }

  /** A writer of a blob that takes several requests. */
  private static final class Resumable extends TracedWriter implements ResumableWriter {
    private final ResumableWriter writer;

    Resumable(ResumableWriter writer, Span span) {
      super(writer, span);
      this.writer = writer;
    }

    @Override
    public void start() throws IOException {
      writer.start();
    }

    @Override
    public long keep(boolean isLast) throws IOException {
      long size = writer.keep(isLast);
      if (isLast) {
        end();
      }
      return size;
    }

    @Override
    public boolean isAhead() {
      return writer.isAhead();
    }

    @Override
    public BlobReader seal() throws IOException {
      return writer.seal();
    }
  }
}
