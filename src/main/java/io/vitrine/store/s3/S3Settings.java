package io.vitrine.store.s3;

import io.vitrine.net.address.Url;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The bucket of a store and how to reach it.
 *
 * @param endpoint the server's URL; absent: Amazon's endpoint for the region
 * @param prefix the prefix of all keys, separated by a slash
 * @param keys absent: found as Amazon's tools do, for instance in the environment
 * @param pathStyle whether URLs contain the bucket in the path rather than in the host
 * @param caFile the CA certificates in PEM that the server's certificate must chain to
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

  /** The access key of an account. */
  public record Keys(String access, String secret) {
    @Override
    public String toString() {
      return "(hidden)";
    }
  }

  /**
   * How large blobs are split.
   *
   * @param partBytes the size of a part; larger if a blob would need too many
   * @param memoryBytes the memory for parts of all uploads, outside the heap
   * @param parallelParts how many parts of an upload are in transit at once
   * @param largestBytes the size of the largest blob
   */
  public record Upload(int partBytes, long memoryBytes, int parallelParts, long largestBytes) {}

  /**
   * Timeouts of the server.
   *
   * @param connect for establishing a connection
   * @param read for the next byte, and for a writer that waits for memory
   */
  public record Waiting(Duration connect, Duration read) {}
}
