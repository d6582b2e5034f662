package io.vitrine.store.swift;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.ResumableWriter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one request's data of a blob that takes several to segments, which stay when the writer is
 * aborted. A process that was taken for dead may still write segments, but they have names of their
 * own, and it can commit the blob only if no other process has.
 *
 * <p>Synchronised, because the blob may be deleted meanwhile.
 */
final class KeptSwiftWriter implements ResumableWriter {
  private static final Logger log = LoggerFactory.getLogger(KeptSwiftWriter.class);
  private static final int PIECE_BYTES = 1 << 20;

  private final SwiftBlobStore store;
  private final SwiftClient client;
  private final BlobRef blob;
  private final Beginning beginning;
  private final List<Segment> segments;

  /** Where the segment that is being written begins in the blob. */
  private long segmentAt;

  /** How many bytes of the blob have come, with those of earlier requests. */
  private long takenBytes;

  private @Nullable SegmentUpload upload;
  private boolean isComplete;
  private boolean isOpen = true;

  /**
   * Where the writer begins.
   *
   * @param turn counts the requests for the blob from 1
   * @param offset of the next byte
   * @param kept holds the bytes before that
   * @param wholeBytes the size of the blob if the segments are joined already, else -1
   */
  record Beginning(long turn, long offset, KeptSegments kept, long wholeBytes) {}

  KeptSwiftWriter(SwiftBlobStore store, SwiftClient client, BlobRef blob, Beginning beginning) {
    this.store = store;
    this.client = client;
    this.blob = blob;
    this.beginning = beginning;
    this.segments =
        beginning.kept.segments().stream()
            .map(KeptSegment::segment)
            .collect(Collectors.toCollection(ArrayList::new));
    this.segmentAt = beginning.kept.end();
    this.takenBytes = beginning.offset;
    this.isComplete = beginning.wholeBytes >= 0;
  }

  @Override
  public boolean isAhead() {
    return beginning.wholeBytes > beginning.offset;
  }

  @Override
  public synchronized void start() throws IOException {
    requireOpen();
    if (isComplete) {
      return;
    }
    if (beginning.offset == 0) {
      store.mark(blob);
    }
    for (var other : beginning.kept.others()) {
      store.remove(store.segment(blob, other.name()));
    }
    if (beginning.kept.tail().isPresent()) {
      load(beginning.kept.tail().get());
    }
  }

  /** Puts the tail into the first segment. */
  private void load(KeptSegment tail) throws IOException {
    long bytes = beginning.offset - tail.from();
    try (var reader =
        new SwiftBlobReader(client, store.segment(blob, tail.name()), tail.sizeBytes())) {
      for (long position = 0; position < bytes; ) {
        var piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, bytes - position));
        int count = reader.read(piece, position);
        if (count < 0) {
          throw new EOFException("%s ends at %d of %d".formatted(tail.name(), position, bytes));
        }
        position += count;
        send(piece.flip());
      }
    }
  }

  @Override
  public synchronized void write(ByteBuffer... data) throws IOException {
    requireOpen();
    for (var each : data) {
      takenBytes += each.remaining();
      if (!isComplete) {
        send(each);
      } else if (takenBytes > beginning.wholeBytes) {
        throw new IOException("the data is already whole");
      }
      each.position(each.limit());
    }
  }

  private void requireOpen() throws IOException {
    if (!isOpen) {
      throw new IOException("the blob was committed, aborted or deleted");
    }
  }

  private void send(ByteBuffer data) throws IOException {
    long most = store.config().segmentSize().bytes();
    while (data.hasRemaining()) {
      var current = upload();
      current.write(data, most);
      if (current.sizeBytes() == most) {
        endSegment();
      }
    }
  }

  private SegmentUpload upload() throws IOException {
    if (upload == null) {
      var path = store.segment(blob, next(0).name());
      upload = new SegmentUpload(client, path, store.config().requestTimeout());
    }
    return upload;
  }

  private KeptSegment next(long sizeBytes) {
    return new KeptSegment(segmentAt, beginning.turn, sizeBytes);
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
  public synchronized long keep(boolean isLast) throws IOException {
    requireOpen();
    if (!isLast) {
      return isComplete ? takenBytes : Math.max(beginning.offset, segmentAt);
    }
    if (!isComplete && takenBytes > beginning.offset) {
      endSegment();
    }
    release();
    return takenBytes;
  }

  @Override
  public synchronized BlobReader seal() throws IOException {
    requireOpen();
    complete();
    var reader = store.open(blob).orElseThrow(() -> new IOException("the manifest is gone"));
    if (reader.sizeBytes() != takenBytes) {
      reader.close();
      throw new IOException("the object has not the size of the data");
    }
    return reader;
  }

  private void complete() throws IOException {
    if (!isComplete) {
      endSegment();
      var joined =
          new SwiftManifest(store, client, blob, store.config().segments())
              .join(segments, Map.of("If-None-Match", "*"));
      isComplete = true;
      removeAllBut(joined);
    }
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
  public synchronized void commit() throws IOException {
    requireOpen();
    try {
      complete();
    } finally {
      release();
    }
  }

  /** What has been stored stays, for another request. */
  @Override
  public synchronized void abort() {
    release();
  }

  /** Gives up the segment that is being written. */
  synchronized void release() {
    if (isOpen) {
      isOpen = false;
      if (upload != null) {
        upload.cancel();
        upload = null;
      }
      store.forget(blob);
    }
  }
}
