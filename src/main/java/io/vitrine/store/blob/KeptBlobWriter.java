package io.vitrine.store.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Writes one request's data of a blob that takes several. Another process may have made the blob
 * whole without the catalog knowing; then the data is only counted.
 *
 * <p>Synchronised, because the blob may be deleted meanwhile.
 */
public final class KeptBlobWriter implements ResumableWriter {
  private final KeptBlob kept;
  private final long offset;
  private final boolean isAhead;

  /** How many bytes of the blob have come, with those of earlier requests. */
  private long takenBytes;

  /** The size of the blob once it is whole. */
  private OptionalLong wholeBytes;

  private boolean isOpen = true;

  /**
   * A writer of the bytes from an offset on.
   *
   * @param wholeBytes the size of the blob if it is whole already
   */
  public KeptBlobWriter(KeptBlob kept, long offset, OptionalLong wholeBytes) {
    this.kept = kept;
    this.offset = offset;
    this.isAhead = wholeBytes.orElse(0) > offset;
    this.takenBytes = offset;
    this.wholeBytes = wholeBytes;
  }

  @Override
  public boolean isAhead() {
    return isAhead;
  }

  @Override
  public synchronized void start() throws IOException {
    requireOpen();
    if (wholeBytes.isEmpty()) {
      kept.start();
    }
  }

  private void requireOpen() throws IOException {
    if (!isOpen) {
      throw new IOException("the blob was committed, aborted or deleted");
    }
  }

  @Override
  public synchronized void write(ByteBuffer... data) throws IOException {
    requireOpen();
    for (var each : data) {
      takenBytes += each.remaining();
    }
    if (wholeBytes.isEmpty()) {
      kept.append(data);
    } else if (takenBytes > wholeBytes.getAsLong()) {
      throw new IOException("the data is already whole");
    }
    for (var each : data) {
      each.position(each.limit());
    }
  }

  @Override
  public synchronized long keep(boolean isLast) throws IOException {
    requireOpen();
    boolean hasMore = wholeBytes.isEmpty() && takenBytes > offset;
    long durable = hasMore ? kept.keep(isLast) : takenBytes;
    if (isLast) {
      abort();
    }
    return durable;
  }

  @Override
  public synchronized BlobReader seal() throws IOException {
    requireOpen();
    complete();
    var reader = kept.open().orElseThrow(() -> new IOException("the whole blob is gone"));
    if (reader.sizeBytes() != takenBytes) {
      reader.close();
      throw new IOException("the whole blob has not the size of the data");
    }
    return reader;
  }

  private void complete() throws IOException {
    if (wholeBytes.isEmpty()) {
      kept.complete();
      wholeBytes = OptionalLong.of(takenBytes);
    }
  }

  @Override
  public synchronized void commit() throws IOException {
    requireOpen();
    try {
      complete();
      kept.commit();
    } finally {
      abort();
    }
  }

  /** What has been kept stays, for another request. */
  @Override
  public synchronized void abort() {
    if (isOpen) {
      isOpen = false;
      kept.close();
    }
  }
}
