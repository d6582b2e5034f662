package io.vitrine.image.location;

import java.util.Optional;

/**
 * What to read of a blob.
 *
 * @param blobBytes the size that the blob must have, if known
 * @param range absent: the whole blob
 */
public record BlobPart(BlobRef blob, Optional<Long> blobBytes, Optional<ByteRange> range) {
  /** Whether a blob of this size is the one to read, and holds the range. */
  public boolean fits(long foundBytes) {
    return blobBytes.orElse(foundBytes) == foundBytes
        && range.map(ByteRange::end).orElse(foundBytes) <= foundBytes;
  }

  /** The range to read of a blob of this size. */
  public ByteRange of(long foundBytes) {
    return range.orElse(new ByteRange(0, foundBytes));
  }
}
