package io.vitrine.store.swift;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Streams segments one after the other; a commit joins them.
 *
 * <p>Synchronised, because the blob may be deleted meanwhile.
 */
final class SwiftBlobWriter implements BlobWriter {
  private final SwiftBlobStore store;
  private final SwiftClient client;
  private final BlobRef blob;
  private final SwiftConfig config;
  private final List<Segment> segments = new ArrayList<>();
  private @Nullable SegmentUpload upload;
  private boolean isOpen = true;

  SwiftBlobWriter(SwiftBlobStore store, SwiftClient client, BlobRef blob, SwiftConfig config) {
    this.store = store;
    this.client = client;
    this.blob = blob;
    this.config = config;
  }

  @Override
  public synchronized void write(ByteBuffer... data) throws IOException {
    requireOpen();
    for (var piece : data) {
      while (piece.hasRemaining()) {
        var current = upload();
        current.write(piece, config.segmentSize().bytes());
        if (current.sizeBytes() == config.segmentSize().bytes()) {
          endSegment();
        }
      }
    }
  }

  private void requireOpen() throws IOException {
    if (!isOpen) {
      throw new IOException("the blob was committed, aborted or deleted");
    }
  }

  private SegmentUpload upload() throws IOException {
    if (upload == null) {
      upload =
          new SegmentUpload(
              client, store.segment(blob, Segment.name(segments.size())), config.requestTimeout());
    }
    return upload;
  }

  private void endSegment() throws IOException {
    if (upload != null) {
      var ending = upload;
      upload = null;
      ending.end();
      segments.add(new Segment(Segment.name(segments.size()), ending.sizeBytes()));
    }
  }

  @Override
  public synchronized void commit() throws IOException {
    requireOpen();
    try {
      endSegment();
      new SwiftManifest(store, client, blob, config.segments()).join(segments, Map.of());
      release();
    } catch (IOException failure) {
      abort();
      throw failure;
    }
  }

  @Override
  public synchronized void abort() {
    release();
    store.giveUp(blob);
  }

  /** Aborts the upload in progress. */
  synchronized void release() {
    if (isOpen) {
      isOpen = false;
      store.forget(blob);
      if (upload != null) {
        upload.cancel();
        upload = null;
      }
    }
  }
}
