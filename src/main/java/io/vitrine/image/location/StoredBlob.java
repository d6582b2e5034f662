package io.vitrine.image.location;

import java.util.Optional;

/**
 * A blob as recorded in the catalog.
 *
 * @param sha512 in lower-case hexadecimal; empty if the bytes were not hashed
 * @param known the verdict of the last check
 */
public record StoredBlob(BlobRef blob, long sizeBytes, Optional<String> sha512, Verdict known) {
  /** A blob that has just been written. */
  public StoredBlob(BlobRef blob, long sizeBytes, Optional<String> sha512) {
    this(blob, sizeBytes, sha512, Verdict.OK);
  }
}
