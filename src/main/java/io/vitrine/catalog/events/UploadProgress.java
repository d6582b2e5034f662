package io.vitrine.catalog.events;

import io.vitrine.image.ImageId;
import io.vitrine.image.location.BlobRef;
import java.util.Optional;

/**
 * How far the uploads of one image are.
 *
 * @param bytes how much of the data has arrived and been processed
 * @param total how much there is; empty if the client has not said it
 * @param bytesPerSecond the present rate, smoothed over some seconds
 */
public record UploadProgress(
    ImageId image, BlobRef.Purpose purpose, long bytes, Optional<Long> total, long bytesPerSecond) {

  /** How many seconds the rest takes at the present rate; empty if nobody can tell. */
  public Optional<Long> remainingSeconds() {
    return total
        .filter(known -> bytesPerSecond > 0)
        .map(known -> Math.ceilDiv(Math.max(0, known - bytes), bytesPerSecond));
  }
}
