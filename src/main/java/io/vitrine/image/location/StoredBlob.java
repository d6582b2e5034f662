package io.vitrine.image.location;

import java.util.Optional;

/**
 * Bytes as the catalog knows them.
 *
 * @param sha512 in lower-case hexadecimal digits; empty for bytes that were not hashed
 * @param known what the last look at them has found
 */
public record StoredBlob(BlobRef blob, long sizeBytes, Optional<String> sha512, Verdict known) {
  /** Bytes that have just been written. */
  public StoredBlob(BlobRef blob, long sizeBytes, Optional<String> sha512) {
    this(blob, sizeBytes, sha512, Verdict.OK);
  }
}
