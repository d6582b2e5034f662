package io.vitrine.api.progress;

import io.vitrine.catalog.events.ProgressJournal;
import io.vitrine.catalog.events.UploadProgress;
import io.vitrine.image.location.BlobRef;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * An upload that a request brings data for, until that has ended. The bytes are counted elsewhere;
 * they are looked at once a second, so that progress costs nothing for each chunk.
 */
final class RunningUpload {
  /** The weight of the newest second in the rate; about the last five seconds count. */
  private static final double NEWEST = 0.3;

  private static final double NANOS_PER_SECOND = 1e9;

  private final BlobRef blob;
  private final Optional<Long> total;
  private final LongSupplier bytes;
  private long seenBytes;
  private long seenNanos;
  private double bytesPerSecond = -1;

  RunningUpload(BlobRef blob, Optional<Long> total, LongSupplier bytes, long nowNanos) {
    this.blob = blob;
    this.total = total;
    this.bytes = bytes;
    this.seenBytes = bytes.getAsLong();
    this.seenNanos = nowNanos;
  }

  /** Measures the rate since the last call. */
  void sample(long nowNanos) {
    long now = bytes.getAsLong();
    double seconds = (nowNanos - seenNanos) / NANOS_PER_SECOND;
    if (seconds <= 0) {
      return;
    }
    double newest = Math.max(0, now - seenBytes) / seconds;
    bytesPerSecond =
        bytesPerSecond < 0 ? newest : bytesPerSecond + NEWEST * (newest - bytesPerSecond);
    seenBytes = now;
    seenNanos = nowNanos;
  }

  /** How far the upload was when it was last sampled. */
  ProgressJournal.Entry entry() {
    var progress =
        new UploadProgress(
            blob.image(),
            blob.purpose(),
            seenBytes,
            total,
            Math.round(Math.max(0, bytesPerSecond)));
    return new ProgressJournal.Entry(blob.id(), progress);
  }
}
