package io.vitrine.store.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the server lists the checksums of parts, without which another process could not complete
 * an upload that has them. Not every server does; it is tried once. Thread-safe.
 */
final class PartListing {
  private final S3Calls calls;
  private final PartMemory memory;
  private volatile @Nullable Boolean isKnown;

  PartListing(S3Calls calls, PartMemory memory) {
    this.calls = calls;
    this.memory = memory;
  }

  /**
   * Tries it, unless that has been done.
   *
   * @param key of an object for which there may be an upload meanwhile
   */
  boolean hasChecksums(String key) throws IOException {
    var known = isKnown;
    if (known == null) {
      known = listsThem(key);
      isKnown = known;
    }
    return known;
  }

  private boolean listsThem(String key) throws IOException {
    var upload = calls.begin(key, true);
    // Zeros take no memory.
    try (var part = new Part(memory, 1, 0)) {
      part.take(ByteBuffer.allocate(1));
      calls.upload(upload, 1, part);
      return calls.parts(upload).stream().anyMatch(S3Calls.StoredPart::hasChecksum);
    } finally {
      calls.abort(upload);
    }
  }
}
