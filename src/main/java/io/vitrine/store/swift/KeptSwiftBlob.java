package io.vitrine.store.swift;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.KeptBlob;
import io.vitrine.transfer.bus.Message;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of a blob that takes several requests. A process that was taken for dead may still
 * write segments, but they have names of their own, and it can complete the blob only if no other
 * process has.
 */
final class KeptSwiftBlob implements KeptBlob {
  private static final Logger log = LoggerFactory.getLogger(KeptSwiftBlob.class);
  private static final int PIECE_BYTES = 1 << 20;

  private final SwiftBlobStore store;
  private final BlobRef blob;
  private final Message.Resumption resumption;
  private final KeptSegments kept;
  private final List<Segment> segments;

  /** Where the segment that is being written begins in the blob. */
  private long segmentAt;

  private @Nullable SegmentUpload upload;

  /**
   * What is sent for one request.
   *
   * @param kept holds the bytes before the first one
   */
  KeptSwiftBlob(
      SwiftBlobStore store, BlobRef blob, Message.Resumption resumption, KeptSegments kept) {
    this.store = store;
    this.blob = blob;
    this.resumption = resumption;
    this.kept = kept;
    this.segments =
        kept.segments().stream()
            .map(KeptSegment::segment)
            .collect(Collectors.toCollection(ArrayList::new));
    this.segmentAt = kept.end();
  }

  @Override
  public void start() throws IOException {
    if (resumption.offset() == 0) {
      store.mark(blob);
    }
    for (var other : kept.others()) {
      store.remove(store.segment(blob, other.name()));
    }
    if (kept.tail().isPresent()) {
      load(kept.tail().get());
    }
  }

  /** Puts the tail into the first segment. */
  private void load(KeptSegment tail) throws IOException {
    long bytes = resumption.offset() - tail.from();
    var path = store.segment(blob, tail.name());
    try (var reader = new SwiftBlobReader(store.client(), path, tail.sizeBytes())) {
      for (long position = 0; position < bytes; ) {
        var piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, bytes - position));
        int count = reader.read(piece, position);
        if (count < 0) {
          throw new EOFException("%s ends at %d of %d".formatted(tail.name(), position, bytes));
        }
        position += count;
        append(piece.flip());
      }
    }
  }

  @Override
  public void append(ByteBuffer... data) throws IOException {
    long most = store.config().segmentSize().bytes();
    for (var each : data) {
      while (each.hasRemaining()) {
        var current = upload();
        current.write(each, most);
        if (current.sizeBytes() == most) {
          endSegment();
        }
      }
    }
  }

  private SegmentUpload upload() throws IOException {
    if (upload == null) {
      var path = store.segment(blob, next(0).name());
      upload = new SegmentUpload(store.client(), path, store.config().requestTimeout());
    }
    return upload;
  }

  private KeptSegment next(long sizeBytes) {
    return new KeptSegment(segmentAt, resumption.turn(), sizeBytes);
  }

  private void endSegment() throws IOException {
    if (upload != null) {
      var ending = upload;
      upload = null;
      ending.end();
      var stored = next(ending.sizeBytes());
      segments.add(stored.segment());
      segmentAt = stored.end();
    }
  }

  /** Only whole segments are durable before the end of the request. */
  @Override
  public long keep(boolean isLast) throws IOException {
    if (isLast) {
      endSegment();
    }
    return Math.max(resumption.offset(), segmentAt);
  }

  @Override
  public void complete() throws IOException {
    endSegment();
    removeAllBut(
        new SwiftManifest(store, store.client(), blob, store.config().segments())
            .join(segments, Map.of("If-None-Match", "*")));
  }

  /** Nobody needs what is not joined; at the latest, it goes with the blob. */
  private void removeAllBut(List<Segment> joined) {
    try {
      for (var each : store.keptSegments(blob)) {
        if (!joined.contains(each.segment())) {
          store.remove(store.segment(blob, each.name()));
        }
      }
    } catch (IOException failure) {
      log.atWarn()
          .addKeyValue("blob_id", blob.id())
          .setCause(failure)
          .log("Cannot remove what is left of an upload");
    }
  }

  @Override
  public Optional<BlobReader> open() throws IOException {
    return store.open(blob);
  }

  /** Gives up the segment that is being written. */
  @Override
  public void close() {
    if (upload != null) {
      upload.cancel();
      upload = null;
    }
    store.forget(blob);
  }
}
