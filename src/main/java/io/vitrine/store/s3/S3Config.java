package io.vitrine.store.s3;

import io.vertx.core.json.JsonObject;
import io.vitrine.config.ByteSize;
import io.vitrine.config.Key;
import io.vitrine.config.Secret;
import io.vitrine.config.Section;
import io.vitrine.image.location.BlobRef;
import io.vitrine.net.UrlKeys;
import io.vitrine.net.address.Url;
import io.vitrine.store.blob.BlobStore;
import io.vitrine.store.kind.StoreConfig;
import io.vitrine.store.kind.StoreKind;
import io.vitrine.store.kind.StoreSite;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A bucket of S3, or of a compatible server.
 *
 * @param endpoint absent for Amazon's in the region
 * @param prefix the prefix of all keys, separated by a slash
 * @param pathStyle whether URLs contain the bucket in the path rather than in the host
 * @param caFile the CA certificates in PEM that the server's certificate must chain to
 * @param readTimeout for the next byte, and for a writer that waits for memory
 */
@Key("s3")
public record S3Config(
    Optional<Url> endpoint,
    String region,
    String bucket,
    String prefix,
    @Key("") Keys keys,
    boolean pathStyle,
    Optional<Path> caFile,
    @Key("") Parts parts,
    Duration connectTimeout,
    Duration readTimeout)
    implements StoreConfig {

  /** Objects in an S3 bucket. */
  public static final StoreKind KIND =
      new StoreKind(
          "s3",
          true,
          JsonObject.of(
              "s3",
              JsonObject.of("endpoint", "", "region", "us-east-1", "bucket", "", "prefix", "")
                  .put("access_key", "")
                  .put("secret_key", "")
                  .put("path_style", true)
                  .put("ca_file", "")
                  .put("part_size", "8MiB")
                  .put("memory", "128MiB")
                  .put("parallel_parts", 4)
                  .put("connect_timeout", "5s")
                  .put("read_timeout", "30s")),
          (backend, home) ->
              from(backend.section("s3"), Objects.requireNonNull(home.getFileName()).toString()));

  private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,253}");
  private static final Pattern PREFIX =
      Pattern.compile("|[A-Za-z0-9._-]{1,64}(/[A-Za-z0-9._-]{1,64}){0,7}");

  /** The access key of an account; both are empty for the AWS SDK's default credentials. */
  public record Keys(Secret accessKey, Secret secretKey) {
    /** Whether the keys are configured. */
    boolean areGiven() {
      return !accessKey.value().isEmpty();
    }
  }

  /**
   * How large blobs are split.
   *
   * @param partSize the size of a part; larger if a blob would need too many
   * @param memory limit on buffered parts of all uploads, outside the heap
   * @param parallelParts how many parts of an upload are in transit at once
   */
  public record Parts(ByteSize partSize, ByteSize memory, int parallelParts) {}

  private static S3Config from(Section section, String prefixWhenEmpty) {
    var prefix = section.text("prefix", PREFIX, "names separated by slashes");
    var config =
        new S3Config(
            UrlKeys.libraryUrl(section, "endpoint"),
            section.text("region", REGION, "the name of a region"),
            section.text("bucket", BUCKET, "the name of a bucket"),
            prefix.isEmpty() ? prefixWhenEmpty : prefix,
            new Keys(section.secret("access_key"), section.secret("secret_key")),
            section.flag("path_style"),
            section.file("ca_file"),
            new Parts(
                section.size("part_size", "5MiB", "1GiB"),
                section.size("memory", "5MiB", "1TiB"),
                section.integer("parallel_parts", 1, 64)),
            section.duration("connect_timeout", "100ms", "1m"),
            section.duration("read_timeout", "1s", "10m"));
    config.require(section);
    return config;
  }

  private void require(Section section) {
    section.require(
        parts.memory.compareTo(parts.partSize) >= 0,
        "memory",
        parts.memory + " is not allowed; give at least part_size, " + parts.partSize);
    section.require(
        keys.accessKey.value().isEmpty() == keys.secretKey.value().isEmpty(),
        "secret_key",
        "give both access_key and secret_key, or neither");
  }

  @Override
  public Optional<BlobStore> open(String id, StoreSite site) throws IOException {
    return Optional.of(S3BlobStore.open(id, this, site.largestBytes()));
  }

  @Override
  public Optional<String> place() {
    return Optional.of(endpoint.map(Url::toString).orElse(region) + " " + bucket + "/" + prefix);
  }

  @Override
  public Function<BlobRef, String> urls() {
    return blob -> "s3://%s/%s/%s".formatted(bucket, prefix, blob.path());
  }

  @Override
  public Map<String, Object> properties() {
    long mebibytes = parts.partSize.bytes() >> 20;
    return Map.of(
        "s3_store_large_object_size", mebibytes,
        "s3_store_large_object_chunk_size", mebibytes,
        "s3_store_thread_pools", parts.parallelParts);
  }
}
