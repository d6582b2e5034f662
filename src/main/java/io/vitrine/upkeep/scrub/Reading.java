package io.vitrine.upkeep.scrub;

import io.vitrine.image.HashAlgorithm;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.location.Verdict;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.BlobStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Reads blobs and compares them with the catalog. All methods block. */
final class Reading {
  private static final int BUFFER_BYTES = 256 << 10;

  private Reading() {}

  /** Receives bytes as they are read. */
  interface Taker {
    void take(ByteBuffer data) throws IOException;
  }

  /** Whether the blob exists with the right size; reads no data. */
  static Verdict glance(BlobStore store, StoredBlob blob) throws IOException {
    return open(store, blob, reader -> Verdict.OK);
  }

  /**
   * Whether the blob has the bytes that were written. A blob without a digest only needs to be
   * readable and of the right size.
   *
   * @param taker receives all bytes read, even those of a damaged blob
   */
  static Verdict read(BlobStore store, StoredBlob blob, RateLimit limit, Taker taker)
      throws IOException {
    return open(store, blob, reader -> compare(reader, blob, limit, taker));
  }

  private static Verdict open(BlobStore store, StoredBlob blob, Look look) throws IOException {
    var opened = store.open(blob.blob().bytes());
    if (opened.isEmpty()) {
      return Verdict.MISSING;
    }
    try (var reader = opened.get()) {
      return reader.sizeBytes() == blob.sizeBytes() ? look.at(reader) : Verdict.DAMAGED;
    }
  }

  private static Verdict compare(BlobReader reader, StoredBlob blob, RateLimit limit, Taker taker)
      throws IOException {
    var digest = HashAlgorithm.SHA512.begin();
    var buffer = ByteBuffer.allocate(BUFFER_BYTES);
    long position = 0;
    while (position < blob.sizeBytes()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("the process stops");
      }
      int count = reader.read(buffer.clear(), position);
      if (count < 0) {
        return Verdict.DAMAGED;
      }
      position += count;
      digest.update(buffer.flip().duplicate());
      taker.take(buffer);
      limit.spend(count);
    }
    var found = HexFormat.of().formatHex(digest.digest());
    return blob.sha512().map(found::equals).orElse(true) ? Verdict.OK : Verdict.DAMAGED;
  }

  private interface Look {
    Verdict at(BlobReader reader) throws IOException;
  }
}
