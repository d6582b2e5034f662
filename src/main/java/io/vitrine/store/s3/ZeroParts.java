package io.vitrine.store.s3;

import io.vitrine.image.HashAlgorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Parts of zeros, which the server copies from an object of zeros beside the blobs, so that they
 * are not sent. If it cannot, they are sent as others are. Thread-safe.
 */
final class ZeroParts {
  private static final Logger log = LoggerFactory.getLogger(ZeroParts.class);

  /** How long nothing is copied after a failure, which each time costs a call. */
  private static final long PAUSE_NANOS = Duration.ofMinutes(10).toNanos();

  private final S3Calls calls;
  private final String key;
  private final long partBytes;

  /** Of the object; set before that is copied. */
  private volatile String md5 = "";

  private volatile boolean isThere;
  private volatile boolean hasFailed;
  private volatile long failedNanos;

  /**
   * Parts of the usual size.
   *
   * @param prefix of the object's key
   */
  ZeroParts(S3Calls calls, String prefix, long partBytes) {
    this.calls = calls;
    this.key = prefix + "zeros-" + partBytes;
    this.partBytes = partBytes;
  }

  private static String md5(long count) {
    var digest = HashAlgorithm.MD5.begin();
    var block = ByteBuffer.allocate(PartMemory.BLOCK_BYTES);
    for (long left = count; left > 0; left -= block.capacity()) {
      digest.update(block.clear().limit((int) Math.min(block.capacity(), left)));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Whether a part may be copied. */
  boolean have(Part part) {
    boolean isPausing = hasFailed && System.nanoTime() - failedNanos < PAUSE_NANOS;
    return part.isZero() && part.sizeBytes() == partBytes && !isPausing;
  }

  /** Copies a part, or sends it if that fails. */
  CompletedPart store(S3Calls.Upload upload, int number, Part part) throws IOException {
    try {
      provide(part);
      return calls.copy(upload, number, new S3Calls.Source(key, part.checksum(), md5));
    } catch (IOException failure) {
      isThere = false;
      failedNanos = System.nanoTime();
      hasFailed = true;
      log.atInfo()
          .addKeyValue("object", key)
          .addKeyValue("error", failure.toString())
          .log("The server cannot copy zeros, which are sent for some minutes");
      return calls.upload(upload, number, part);
    }
  }

  private void provide(Part part) throws IOException {
    if (!isThere) {
      md5 = md5(partBytes);
      if (calls.find(key).filter(found -> found.sizeBytes() == partBytes).isEmpty()) {
        calls.put(key, part);
      }
      isThere = true;
    }
  }
}
