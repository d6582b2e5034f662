package io.vitrine.catalog.blobs;

import io.vitrine.image.location.BlobRef;
import java.time.Instant;
import java.util.Optional;

/**
 * An upload that may take several requests. It has the id of its blob.
 *
 * @param length of the whole data, in bytes; empty until the client says it
 * @param received how many bytes are durable; the last byte counts only once the data is stored, so
 *     that a client never leaves with data that is not
 * @param metadata what the client keeps with the upload, as it sent it
 * @param expiresAt when the upload is given up unless it goes on
 */
public record Upload(
    BlobRef blob,
    Optional<Long> length,
    long received,
    Optional<String> metadata,
    Instant expiresAt) {
  /** The same upload with so many bytes of its data. */
  public Upload with(long nowReceived) {
    return new Upload(blob, length, nowReceived, metadata, expiresAt);
  }

  /** The same upload, given up at another time. */
  Upload until(Instant time) {
    return new Upload(blob, length, received, metadata, time);
  }

  /** The same upload, whose length is known. */
  Upload of(Optional<Long> knownLength) {
    return new Upload(blob, knownLength, received, metadata, expiresAt);
  }
}
