package io.vitrine.catalog.blobs;

import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.HashClaim;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An upload that may take several requests. It has the id of its blob.
 *
 * @param length of the whole data, in bytes; empty until the client says it
 * @param received how many bytes are durable; the last byte counts only once the data is stored, so
 *     that a client never leaves with data that is not
 * @param metadata what the client keeps with the upload, as it sent it
 * @param expiresAt when the upload is given up unless it goes on
 * @param concat what the client has said about parts when it created the upload: that this is one,
 *     or which ones it joins
 * @param digests what the whole data must hash to; none of a part
 */
public record Upload(
    BlobRef blob,
    Optional<Long> length,
    long received,
    Optional<String> metadata,
    Instant expiresAt,
    Optional<String> concat,
    List<HashClaim> digests) {
  /** What the client says about an upload that is a part. */
  public static final String PART = "partial";

  /** Copies the list. */
  public Upload {
    digests = List.copyOf(digests);
  }

  /** Whether other uploads will bring the rest of the data. All bytes of a part count. */
  public boolean isPart() {
    return concat.equals(Optional.of(PART));
  }

  /** Whether the data is that of other uploads, which were parts. */
  public boolean isJoined() {
    return concat.isPresent() && !isPart();
  }

  /** Whether all the data of a part is durable. */
  public boolean isCompletePart() {
    return isPart() && length.equals(Optional.of(received));
  }

  /** The same upload with so many bytes of its data. */
  public Upload with(long nowReceived) {
    return new Upload(blob, length, nowReceived, metadata, expiresAt, concat, digests);
  }

  /** The same upload, given up at another time. */
  Upload until(Instant time) {
    return new Upload(blob, length, received, metadata, time, concat, digests);
  }

  /** The same upload, whose length is known. */
  Upload of(Optional<Long> knownLength) {
    return new Upload(blob, knownLength, received, metadata, expiresAt, concat, digests);
  }
}
