package io.vitrine.store.s3;

import io.vitrine.store.blob.BlobReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Reads an object with one request as long as reads are sequential; a seek or a broken connection
 * starts another. All requests get the same version of the object, or fail.
 */
final class S3BlobReader implements BlobReader {
  private static final Logger log = LoggerFactory.getLogger(S3BlobReader.class);
  private static final int BROKEN_IN_A_ROW = 5;
  private static final int COPY_BYTES = 64 << 10;

  private final S3Client client;
  private final S3Object object;
  private @Nullable ResponseInputStream<GetObjectResponse> stream;
  private long position;

  S3BlobReader(S3Client client, S3Object object) {
    this.client = client;
    this.object = object;
  }

  @Override
  public long sizeBytes() {
    return object.sizeBytes();
  }

  @Override
  public int read(ByteBuffer target, long from) throws IOException {
    if (from >= object.sizeBytes()) {
      return -1;
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    for (int broken = 1; ; broken++) {
      try {
        return readOnce(target, from);
      } catch (IOException failure) {
        breakOff();
        if (broken == BROKEN_IN_A_ROW) {
          throw failure;
        }
        log.atDebug()
            .addKeyValue("object", object.key())
            .addKeyValue("position", from)
            .setCause(failure)
            .log("A download from the store broke and resumes");
      } catch (SdkException failure) {
        breakOff();
        throw S3Failures.of("reading " + object.key(), failure);
      }
    }
  }

  private int readOnce(ByteBuffer target, long from) throws IOException {
    var source = at(from);
    int count =
        target.hasArray()
            ? source.read(
                target.array(), target.arrayOffset() + target.position(), target.remaining())
            : copy(source, target);
    if (count < 0) {
      throw new EOFException("the object ends at %d of %d".formatted(from, object.sizeBytes()));
    }
    if (target.hasArray()) {
      target.position(target.position() + count);
    }
    position = from + count;
    return count;
  }

  private static int copy(ResponseInputStream<GetObjectResponse> source, ByteBuffer target)
      throws IOException {
    var bytes = new byte[Math.min(target.remaining(), COPY_BYTES)];
    int count = source.read(bytes);
    if (count > 0) {
      target.put(bytes, 0, count);
    }
    return count;
  }

  private ResponseInputStream<GetObjectResponse> at(long from) throws IOException {
    if (stream == null || position != from) {
      close();
      stream =
          client.getObject(
              request ->
                  request
                      .bucket(object.bucket())
                      .key(object.key())
                      .ifMatch(object.tag())
                      .range("bytes=" + from + "-"));
      position = from;
    }
    return stream;
  }

  /** Closes the connection unless all has been read, as much may still be coming. */
  @Override
  public void close() throws IOException {
    if (stream != null && position == object.sizeBytes()) {
      stream.close();
      stream = null;
    }
    breakOff();
  }

  private void breakOff() {
    if (stream != null) {
      stream.abort();
      stream = null;
    }
  }

  /**
   * An object as it was when it was opened.
   *
   * @param tag the ETag
   */
  record S3Object(String bucket, String key, String tag, long sizeBytes) {}
}
