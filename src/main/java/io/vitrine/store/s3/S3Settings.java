package io.vitrine.store.s3;

import io.vitrine.net.address.Url;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a store's objects lie, and how they get there.
 *
 * @param endpoint the server's URL; absent for the one that Amazon has in the region
 * @param prefix what stands before the key of every object, with a slash between
 * @param keys absent: looked for where Amazon's tools do, such as in the environment
 * @param pathStyle whether the bucket is named in the path of URLs and not in their host
 * @param caFile the certificates, in PEM, that the server's must be signed by
 */
public record S3Settings(
    Optional<Url> endpoint,
    String region,
    String bucket,
    String prefix,
    Optional<Keys> keys,
    boolean pathStyle,
    Optional<Path> caFile,
    Upload upload,
    Waiting waiting) {

  /** What S3 knows an account by. */
  public record Keys(String access, String secret) {
    @Override
    public String toString() {
      return "(hidden)";
    }
  }

  /**
   * How large blobs are split.
   *
   * @param partBytes the size of a part; it grows when a blob would have too many
   * @param memoryBytes what the parts of all uploads have, outside of the heap
   * @param parallelParts how many parts of an upload are on their way at a time
   * @param largestBytes the largest blob that may come
   */
  public record Upload(int partBytes, long memoryBytes, int parallelParts, long largestBytes) {}

  /**
   * How long the server may take.
   *
   * @param connect for a connection
   * @param read for the next byte; also what a writer waits for memory at most
   */
  public record Waiting(Duration connect, Duration read) {}
}
